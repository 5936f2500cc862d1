package dev.ccr.proxy.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.ccr.proxy.provider.StreamTranscoder;
import dev.ccr.proxy.testing.Cuts;
import dev.ccr.proxy.testing.Fixture;
import dev.ccr.proxy.testing.Transcript;
import dev.ccr.proxy.testing.Transcript.Course;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/** Streams of one thread share what reads them, and hear nothing of each other. */
final class AnswersInTurnsTest {

  private static final List<Fixture> FIXTURES = ConformanceTest.fixtures().toList();

  /** Half of them are not what they should be: they have junk at their end, or break off. */
  @Property(tries = 300, shrinking = ShrinkingMode.OFF)
  void answersThatComeInTurnsAreThoseThatComeAlone(@ForAll long seed) {
    Random random = new Random(seed);
    List<Fixture> some =
        Stream.generate(() -> FIXTURES.get(random.nextInt(FIXTURES.size()))).limit(6).toList();
    List<Course> courses = new ArrayList<>();
    for (Fixture fixture : some) {
      byte[] body = fixture.upstreamAnswer();
      int[] cut = random.ints(random.nextInt(12), 0, body.length + 1).sorted().toArray();
      courses.add(course(fixture, Cuts.cut(body, cut)));
      courses.add(course(fixture, broken(body, cut, random)));
    }
    List<Transcript> transcripts = Transcript.inTurns(courses, random);
    for (int i = 0; i < some.size(); i++) {
      Transcript whole = transcripts.get(2 * i);
      assertNull(whole.failure());
      assertEquals(
          new String(some.get(i).claudeAnswer(), StandardCharsets.UTF_8), whole.written());
    }
  }

  private static List<byte[]> broken(byte[] body, int[] cut, Random random) {
    if (random.nextBoolean()) {
      String junk = "}{\"a\"\n".substring(0, 1 + random.nextInt(6));
      return List.of(ByteBufUtil.getBytes(
          Unpooled.wrappedBuffer(body, junk.getBytes(StandardCharsets.US_ASCII))));
    }
    byte[] wrong = body.clone();
    wrong[random.nextInt(body.length)] ^= (byte) (1 << random.nextInt(8));
    return Cuts.cut(wrong, cut).subList(0, 1 + random.nextInt(1 + cut.length));
  }

  private static Course course(Fixture fixture, List<byte[]> pieces) {
    StreamTranscoder transcoder =
        ConformanceTest.afterItsRequest(fixture).openAnswer(fixture.upstreamStreams());
    return new Course(transcoder, pieces, true);
  }
}
