package dev.ccr.proxy.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ccr.proxy.json.Splices;
import dev.ccr.proxy.model.Failure;
import dev.ccr.proxy.model.ModelRef;
import dev.ccr.proxy.model.Profile;
import dev.ccr.proxy.model.RequestException;
import dev.ccr.proxy.model.RequestFacts;
import dev.ccr.proxy.provider.StreamTranscoder;
import dev.ccr.proxy.provider.Translation;
import dev.ccr.proxy.route.RequestScan;
import dev.ccr.proxy.testing.Cuts;
import dev.ccr.proxy.testing.Fixture;
import dev.ccr.proxy.testing.Grammar;
import dev.ccr.proxy.testing.Transcript;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
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
  @EnumSource(Profile.class)
  void everyProfileHasAFixture(Profile profile) {
    assertTrue(
        fixtures().anyMatch(fixture -> profile(fixture) == profile),
        "no claude-request.json names " + profile.key() + " as its provider");
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
    Translation translation = afterItsRequest(fixture);
    Cuts.of(upstream.length)
        .forEach(
            cut -> {
              StreamTranscoder transcoder = translation.openAnswer(fixture.upstreamStreams());
              Transcript transcript =
                  Transcript.run(transcoder, Cuts.cut(upstream, cut), true);
              assertNull(transcript.failure());
              if (!expected.equals(transcript.written())) { // the message is made only if needed
                assertEquals(expected, transcript.written(), "cut at " + Arrays.toString(cut));
              }
            });
  }

  @ParameterizedTest
  @MethodSource("fixtures")
  void whatIsTranslatedIsWellFormed(Fixture fixture) {
    if (fixture.clientStreams() && !profile(fixture).speaksClaude()) {
      Grammar.check(new String(fixture.claudeAnswer(), StandardCharsets.UTF_8));
    }
  }

  @Test
  void theClientsModelIsReplacedWhereverItStands() throws Failure {
    assertTrue(encoded(new Fixture("anthropic", "stream")).contains("\"model\" : \"claude-"));
  }

  /** The profile is named by the provider that the client's request asks for. */
  private static Profile profile(Fixture fixture) {
    String provider = model(facts(fixture)).provider();
    Profile profile = Profile.named(provider);
    assertNotNull(profile, fixture + ": claude-request.json: model: " + provider);
    assertEquals(fixture.dialect(), Dialect.of(profile).folder());
    return profile;
  }

  private static RequestFacts facts(Fixture fixture) {
    ByteBuf in = Unpooled.wrappedBuffer(fixture.bytes("claude-request.json"));
    try {
      return new RequestScan().scan(in);
    } catch (RequestException e) {
      throw new AssertionError(fixture + ": " + e.getMessage(), e);
    }
  }

  private static ModelRef model(RequestFacts facts) {
    return ModelRef.parse(String.valueOf(facts.model()));
  }

  private static Translation open(Fixture fixture) {
    RequestFacts facts = facts(fixture);
    return Dialect.codec(profile(fixture)).open(facts, model(facts).model(), Long.MAX_VALUE);
  }

  private static String encoded(Fixture fixture) throws Failure {
    return encode(fixture, open(fixture));
  }

  private static String encode(Fixture fixture, Translation translation) throws Failure {
    byte[] request = fixture.bytes("claude-request.json");
    ByteBuf in = ByteBufAllocator.DEFAULT.directBuffer(request.length).writeBytes(request);
    try {
      Splices splices = new Splices(in);
      ByteBuf out =
          splices.build(translation.encodeRequest(in, splices), ByteBufAllocator.DEFAULT);
      try {
        return new String(ByteBufUtil.getBytes(out), StandardCharsets.UTF_8);
      } finally {
        out.release();
      }
    } finally {
      in.release();
    }
  }

  /** Opened as on the line: after the request, whose changed names have to come back. */
  static Translation afterItsRequest(Fixture fixture) {
    Translation translation = open(fixture);
    try {
      encode(fixture, translation);
    } catch (Failure e) {
      throw new AssertionError(fixture + ": " + e.getMessage(), e);
    }
    return translation;
  }
}
