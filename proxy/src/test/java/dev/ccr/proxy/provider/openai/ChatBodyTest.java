package dev.ccr.proxy.provider.openai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ccr.proxy.model.Failure;
import dev.ccr.proxy.testing.Cuts;
import dev.ccr.proxy.testing.Fixture;
import dev.ccr.proxy.testing.Transcript;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an answer is, is told by its first byte where its content type says something else. */
final class ChatBodyTest {

  private static final Fixture JSON = new Fixture("openai", "stream-answered-by-json");
  private static final Fixture STREAM = new Fixture("openai", "message-answered-by-stream");

  @ParameterizedTest
  @ValueSource(strings = {"", "\n", " \r\n\t", "\uFEFF", "\uFEFF\n"})
  void jsonThatIsCalledAStreamIsReadAsJson(String before) {
    answersLike(JSON, before, true);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n\n", "\uFEFF", ": a comment\n\n", "\r\n: two\r\n"})
  void aStreamThatIsCalledJsonIsReadAsAStream(String before) {
    answersLike(STREAM, before, false);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "<html>no</html>; true; no JSON: <html>no</html>",
        "[{\"error\":{\"message\":\"m\"}}]; true; no JSON: [{\"error\"",
        "overloaded; false; no JSON: overloaded",
        "overloaded; true; before it was complete",
        "``; true; before it was complete",
        "\\n; false; before it was complete",
        "{\"object\":\"error\",\"message\":\"m\",\"code\":400}; true; m",
        "{\"choices\":[; true; before it was complete",
        "{}; true; without choices"
      })
  void whatIsNeitherIsAFailureThatSaysSo(String body, boolean called, String message) {
    byte[] bytes = body.replace("\\n", "\n").getBytes(UTF_8);
    Cuts.of(bytes.length)
        .forEach(
            cut -> {
              Transcript transcript =
                  Transcript.run(
                      StreamTable.open(true, called), Cuts.cut(bytes, cut), true);
              Failure failure = transcript.failure();
              assertNotNull(failure);
              assertTrue(failure.getMessage().contains(message), failure.getMessage());
              assertEquals("", transcript.written());
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"}", " {\"choices\":[{}]}", "{", "\n\ndata: x\n\n"})
  void nothingCountsBehindAWholeMessage(String behind) {
    byte[] bytes = (new String(JSON.upstreamAnswer(), UTF_8) + behind).getBytes(UTF_8);
    String expected = new String(JSON.claudeAnswer(), UTF_8);
    for (int cut = 0; cut <= bytes.length; cut++) {
      List<byte[]> pieces = Cuts.cut(bytes, new int[] {cut});
      Transcript transcript = Transcript.run(StreamTable.open(true, false), pieces, true);
      assertNull(transcript.failure(), "cut at " + cut);
      assertEquals(expected, transcript.written());
    }
  }

  private static void answersLike(Fixture fixture, String before, boolean called) {
    byte[] body = (before + new String(fixture.upstreamAnswer(), UTF_8)).getBytes(UTF_8);
    String expected = new String(fixture.claudeAnswer(), UTF_8);
    Cuts.of(body.length)
        .filter(cut -> cut.length != 2 || cut[0] < 20 || cut[1] % 64 == 0)
        .forEach(
            cut -> {
              Transcript transcript =
                  Transcript.run(
                      StreamTable.open(fixture.clientStreams(), called),
                      Cuts.cut(body, cut),
                      true);
              assertNull(transcript.failure());
              assertEquals(expected, transcript.written());
            });
  }
}
