package dev.ccr.proxy.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ccr.proxy.testing.Grammar;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Streams of upstreams, cut at every byte in two ways: the body ends there as HTTP says it should,
 * and the connection breaks inside a chunk. The bytes go through all handlers of the line; only the
 * sockets are missing.
 */
final class CutEverywhereTest {

  private static final String ERROR =
      "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"";

  /** An id that the router makes up. */
  private static final Pattern MADE =
      Pattern.compile("\"((?:msg|toolu|srvtoolu)_)[0-9A-Za-z]{24}\"");

  private static final String REQUEST_ID = "\"request_id\":\"req_";

  static List<RecordedStream> streams() {
    return RecordedStream.all();
  }

  @Test
  void thereAreThirtyStreamsOfBothDialects() {
    assertTrue(streams().size() >= RecordedStream.COUNT, "only " + streams());
    assertTrue(streams().stream().filter(RecordedStream::claude).count() >= 6);
  }

  @ParameterizedTest
  @MethodSource("streams")
  void aStreamThatIsCutAnywhereIsAnErrorUntilItsFinishAndAnEndBehindIt(RecordedStream stream) {
    Set<String> judged = new HashSet<>();
    try (EmbeddedLine line = new EmbeddedLine()) {
      int length = stream.bytes().length;
      String full = answer(line, stream, length, EmbeddedLine.End.CLEAN, true).body();
      boolean made = !full.equals(answer(line, stream, length, EmbeddedLine.End.FIN, false).body());
      assertTrue(full.endsWith("data: {\"type\":\"message_stop\"}\n\n"), full);
      for (int at = 0; at <= length; at++) {
        EmbeddedLine.End broken = at % 2 == 0 ? EmbeddedLine.End.FIN : EmbeddedLine.End.RST;
        for (EmbeddedLine.End end : List.of(EmbeddedLine.End.CLEAN, broken)) {
          Answer answer = answer(line, stream, at, end, made);
          boolean mayBeOver = at >= stream.finish();
          boolean over = at >= stream.finished();
          // Most cuts give what the one before gave.
          if (judged.add(answer.status() + " " + mayBeOver + over + answer.body())) {
            String where = "cut at " + at + ", " + end + ": " + answer;
            assertTrue(answer.whole() && answer.rest().isEmpty(), where);
            if (over || (mayBeOver && answer.body().contains("message_stop"))) {
              assertWhole(stream, answer, full, where);
            } else {
              assertCut(stream, answer, full, where);
            }
          }
        }
      }
    }
  }

  private static void assertWhole(
      RecordedStream stream, Answer answer, String full, String where) {
    assertEquals(200, answer.status(), where);
    assertTrue(answer.body().contains("event: message_stop\n"), where);
    assertFalse(answer.body().contains("event: error\n"), where);
    if (stream.claude()) { // as it came: a last event may lack its blank line
      assertEquals(full.stripTrailing(), answer.body().stripTrailing(), where);
    } else {
      Grammar.check(answer.body());
    }
  }

  private static void assertCut(RecordedStream stream, Answer answer, String full, String where) {
    assertFalse(answer.body().contains("message_stop"), where);
    if (answer.status() != 200) {
      assertTrue(answer.isError(502), where);
      return;
    }
    int error = answer.body().lastIndexOf(ERROR);
    assertTrue(error > 0 && answer.body().endsWith("}\n\n"), where);
    String before = answer.body().substring(0, error);
    assertTrue(before.endsWith("\n\n"), where);
    assertTrue(full.startsWith(before), () -> "what comes first is as without a cut: " + where);
    if (!stream.claude()) { // the Claude API's may have events that are not known yet
      Grammar.check(answer.body());
    }
  }

  /**
   * An answer without the request's id.
   *
   * @param made whether the router makes ids of others, which are to be left out too
   */
  private static Answer answer(
      EmbeddedLine line, RecordedStream stream, int length, EmbeddedLine.End end, boolean made) {
    Answer answer = line.exchange(stream.request(), stream.bytes(), length, end);
    String body = answer.body();
    int id = body.lastIndexOf(REQUEST_ID);
    if (id >= 0) {
      int start = id + REQUEST_ID.length();
      body = body.substring(0, start) + body.substring(body.indexOf('"', start));
    }
    if (made) {
      body = MADE.matcher(body).replaceAll("\"$1...\"");
    }
    return new Answer(answer.status(), body, answer.whole(), answer.rest());
  }
}
