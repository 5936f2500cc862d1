package dev.ccr.proxy.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ccr.proxy.json.Splices;
import dev.ccr.proxy.model.Failure;
import dev.ccr.proxy.model.ModelRef;
import dev.ccr.proxy.model.RequestFacts;
import dev.ccr.proxy.provider.StreamTranscoder;
import dev.ccr.proxy.route.RequestScan;
import dev.ccr.proxy.testing.Cuts;
import dev.ccr.proxy.testing.Fixture;
import dev.ccr.proxy.testing.Grammar;
import dev.ccr.proxy.testing.Transcript;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every dialect keeps what its fixtures say. */
final class ConformanceTest {

  private static final String MODEL = "a-model";

  static Stream<Fixture> fixtures() {
    return Arrays.stream(Dialect.values()).flatMap(dialect -> Fixture.of(dialect.folder()).stream());
  }

  @ParameterizedTest
  @EnumSource(Dialect.class)
  void everyDialectHasFixturesForBothWaysOfAnswering(Dialect dialect) {
    List<Fixture> fixtures = Fixture.of(dialect.folder());
    assertTrue(fixtures.stream().anyMatch(Fixture::upstreamStreams), "no streamed answer");
    assertTrue(fixtures.stream().anyMatch(f -> !f.upstreamStreams()), "no whole answer");
  }

  @ParameterizedTest
  @MethodSource("fixtures")
  void theRequestIsSaidAsTheFixtureHasIt(Fixture fixture) throws Failure {
    assertEquals(
        new String(fixture.bytes("upstream-request.json"), StandardCharsets.UTF_8),
        encoded(fixture));
  }

  @ParameterizedTest
  @MethodSource("fixtures")
  void theAnswerIsTheSameHoweverItIsCut(Fixture fixture) {
    byte[] upstream = fixture.upstreamAnswer();
    String expected = new String(fixture.claudeAnswer(), StandardCharsets.UTF_8);
    Cuts.of(upstream.length)
        .forEach(
            cut -> {
              Transcript transcript =
                  Transcript.run(transcoder(fixture), Cuts.cut(upstream, cut), true);
              assertNull(transcript.failure());
              if (!expected.equals(transcript.written())) { // the message is made only if needed
                assertEquals(expected, transcript.written(), "cut at " + Arrays.toString(cut));
              }
            });
  }

  @ParameterizedTest
  @MethodSource("fixtures")
  void whatIsTranslatedIsWellFormed(Fixture fixture) {
    if (fixture.clientStreams() && !dialect(fixture).codec().speaksClaude()) {
      Grammar.check(new String(fixture.claudeAnswer(), StandardCharsets.UTF_8));
    }
  }

  @Test
  void theClientsModelIsReplacedWhereverItStands() throws Failure {
    assertTrue(encoded(new Fixture("anthropic", "stream")).contains("\"model\" : \"claude-"));
  }

  private static String encoded(Fixture fixture) throws Failure {
    byte[] request = fixture.bytes("claude-request.json");
    ByteBuf in = ByteBufAllocator.DEFAULT.directBuffer(request.length).writeBytes(request);
    try {
      RequestFacts facts = new RequestScan().scan(in);
      Splices splices = new Splices(in);
      String model = ModelRef.parse(String.valueOf(facts.model())).model();
      Splices.Section text =
          dialect(fixture).codec().open(facts, model, Long.MAX_VALUE).encodeRequest(in, splices);
      ByteBuf out = splices.build(text, ByteBufAllocator.DEFAULT);
      try {
        return new String(ByteBufUtil.getBytes(out), StandardCharsets.UTF_8);
      } finally {
        out.release();
      }
    } finally {
      in.release();
    }
  }

  private static StreamTranscoder transcoder(Fixture fixture) {
    return dialect(fixture)
        .codec()
        .open(new RequestFacts(MODEL, -1, -1, fixture.clientStreams()), MODEL, Long.MAX_VALUE)
        .openAnswer(fixture.upstreamStreams());
  }

  private static Dialect dialect(Fixture fixture) {
    return Arrays.stream(Dialect.values())
        .filter(dialect -> dialect.folder().equals(fixture.dialect()))
        .findFirst()
        .orElseThrow();
  }
}
