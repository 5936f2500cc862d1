package dev.ccr.proxy.provider.anthropic;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.ccr.proxy.testing.Cuts;
import dev.ccr.proxy.testing.Fixture;
import dev.ccr.proxy.testing.Transcript;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Claude's own streams: the bytes go through, and only whole ones end well. */
final class EventRelayTest {

  private static final String START =
      "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"usage\":"
          + "{\"input_tokens\":7,\"output_tokens\":1}}}\n\n";
  private static final String STOP =
      "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ": a comment\n\n",
        "data: hi\n\n",
        "data: {\"broken\":\n\n",
        "event: ping\ndata: {\"type\": \"ping\"}\n\n",
        "event: new\ndata: {\"deep\":[{\"type\":\"message_stop\"}]}\n\n",
        "data: {\"type\":\ndata:\"of two lines\"}\n\n",
      })
  void whateverComesBetweenTheBytesAreTheSame(String between) {
    String body = START + between + STOP;
    Cuts.of(body.length())
        .forEach(
            cut -> {
              Transcript transcript =
                  Transcript.run(new EventRelay(), Cuts.cut(body.getBytes(UTF_8), cut), true);
              assertNull(transcript.failure());
              assertEquals(body, transcript.written());
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r\n", "\r"})
  void anEventThatHasComeIsHandedOnToItsLastByte(String lineEnd) {
    String body = (START + "event: ping\ndata: {\"type\": \"ping\"}\n\n").replace("\n", lineEnd);
    Cuts.of(body.length())
        .forEach(
            cut -> {
              Transcript transcript =
                  Transcript.run(new EventRelay(), Cuts.cut(body.getBytes(UTF_8), cut), false);
              assertEquals(body, transcript.written(), "or the client gets it with the next one");
            });
  }

  @Test
  void whereverAStreamIsCutItEndsWithAWholeEventAndAFailure() {
    String body = new String(new Fixture("anthropic", "stream").upstreamAnswer(), UTF_8);
    int finish = body.indexOf("event: message_stop");
    for (int end = 0; end < finish; end++) {
      byte[] piece = body.substring(0, end).getBytes(UTF_8);
      Transcript transcript = Transcript.run(new EventRelay(), List.of(piece), true);
      assertNotNull(transcript.failure(), "cut at " + end);
      int whole = body.lastIndexOf("\n\n", Math.max(0, end - 2));
      assertEquals(
          whole < 0 ? "" : body.substring(0, whole + 2), transcript.written(), "cut at " + end);
    }
  }
}
