package dev.ccr.proxy.sse;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ccr.proxy.model.Failure;
import dev.ccr.proxy.model.MalformedStreamException;
import dev.ccr.proxy.testing.Cuts;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SseScannerTest {

  private static final int LIMIT = 100;

  /** Joins the pieces; an event that has begun but not ended is followed by three dots. */
  private static final class Events implements SseScanner.Sink {

    private final List<String> events = new ArrayList<>();
    private final StringBuilder event = new StringBuilder();
    private boolean open;

    @Override
    public void data(ByteBuf in, int start, int end) {
      assertTrue(start < end, "no piece is empty");
      open = true;
      event.append(in.toString(start, end - start, UTF_8));
    }

    @Override
    public void lineFeed() {
      open = true;
      event.append('\n');
    }

    @Override
    public void eventEnd() {
      events.add(event.toString());
      event.setLength(0);
      open = false;
    }

    @Override
    public String toString() {
      String all = String.join("|", events);
      return open ? all + (events.isEmpty() ? "" : "|") + event + "..." : all;
    }
  }

  private static String scan(List<byte[]> pieces, boolean finish) {
    SseScanner scanner = new SseScanner(LIMIT);
    Events events = new Events();
    try {
      for (byte[] piece : pieces) {
        ByteBuf in = Unpooled.wrappedBuffer(piece);
        scanner.scan(in, events);
        assertEquals(0, in.readableBytes(), "a chunk is read to its end");
      }
      if (finish) {
        scanner.finish(events);
      }
    } catch (Failure failure) {
      return events + " " + failure.getMessage();
    }
    return events.toString();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = ';',
      value = {
        "LF; data: a\\n\\ndata: b\\n\\n; a|b",
        "CRLF; data: a\\r\\n\\r\\ndata: b\\r\\n\\r\\n; a|b",
        "CR; data: a\\r\\rdata: b\\r\\r; a|b",
        "line ends mixed; data: a\\r\\n\\ndata: b\\n\\r\\ndata: c\\r\\r\\ndata: d\\n\\r; a|b|c|d",
        "several blank lines; \\n\\n\\ndata: a\\n\\n\\n\\r\\n\\n; a",
        "no blank; data:a\\n\\n; a",
        "one blank goes, another stays; data:  a \\n\\n;' a '",
        "a blank alone; data: \\n\\n; ''",
        "a tab is no blank; data:\\ta\\n\\n;'\ta'",
        "colons in the value; data: a:b: c\\n\\n; a:b: c",
        "several lines; data: a\\ndata: b\\r\\ndata:\\ndata: c\\n\\n;'a\nb\n\nc'",
        "a field without a colon; data\\ndata: a\\ndata\\n\\n;'\na\n'",
        "comments; : hello\\n\\n:\\ndata: a\\n: data: b\\n\\n; a",
        "other fields; event: x\\nid: 1\\nretry: 2\\ndata: a\\nevent\\n\\n; a",
        "events without data; event: ping\\n\\nid: 1\\n\\ndata: a\\n\\n; a",
        "names that begin alike; dat: x\\ndata2: y\\ndatadata: z\\nDATA: w\\n data: v\\ndata: a"
            + "\\n\\n; a",
        "a byte order mark; \u00ef\u00bb\u00bfdata: a\\n\\n; a",
        "two marks: the second is part of a name;"
            + " \u00ef\u00bb\u00bf\u00ef\u00bb\u00bfdata: a\\n\\n; ''",
        "half a mark; \u00ef\u00bbdata: a\\ndata: b\\n\\n; b",
        "half a mark ends a line; \u00ef\\ndata: a\\n\\n; a",
        "a mark later on; data: a\\n\\n\u00ef\u00bb\u00bfdata: b\\n\\n; a",
        "other bytes; data: \\0\u0080\u00ff\\n\\n;'\0\ufffd\ufffd'",
        "an end without a blank line; data: a\\n; a",
        "an end without a line end; data: a\\ndata: b;'a\nb'",
        "an end inside a name; data: a\\n\\ndat; a",
        "an end behind a blank line; data: a\\n\\nevent: b; a",
        "nothing; ''; ''"
      })
  void payloadsAreFoundHoweverTheStreamIsCut(String name, String stream, String events) {
    byte[] bytes = stream.translateEscapes().getBytes(ISO_8859_1);
    String found = scan(List.of(bytes), true);
    assertEquals(events, found);
    if (found.indexOf('\ufffd') < 0) { // else pieces would decode in another way
      Cuts.of(bytes.length)
          .forEach(cuts -> assertEquals(events, scan(Cuts.cut(bytes, cuts), true)));
    }
  }

  @Test
  void withoutFinishHalfAnEventStaysOpen() {
    assertEquals("a|b...", scan(List.of("data: a\n\ndata: b\n".getBytes(UTF_8)), false));
  }

  @Test
  void anEventAtTheLimitIsHandedOn() {
    byte[] stream = ("data: " + "a".repeat(LIMIT) + "\n\n").repeat(2).getBytes(UTF_8);
    Cuts.of(stream.length)
        .forEach(
            cuts ->
                assertEquals(
                    "a".repeat(LIMIT) + "|" + "a".repeat(LIMIT),
                    scan(Cuts.cut(stream, cuts), true)));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 50, 100})
  void anEventOverTheLimitIsRefusedHoweverManyLinesItHas(int first) {
    byte[] stream =
        ("data: " + "a".repeat(first) + "\ndata: " + "b".repeat(LIMIT + 1 - first) + "\n\n")
            .getBytes(UTF_8);
    SseScanner scanner = new SseScanner(LIMIT);
    MalformedStreamException failure =
        assertThrows(
            MalformedStreamException.class,
            () -> scanner.scan(Unpooled.wrappedBuffer(stream), new Events()));
    assertEquals(
        "the upstream sent an event of more than 100 bytes", failure.getMessage());
  }

  @ParameterizedTest(name = "<{0}>")
  @CsvSource(
      delimiter = ';',
      value = {
        "'';-1",
        "data: a;-1",
        "data: a\\n;-1",
        "data: a\\n\\n;9",
        "data: a\\n\\ndata: b\\n;9",
        "data: a\\n\\n: comment\\n\\nx;20",
        "data: a\\n|\\n;-1,1",
        "data: a\\n\\n|data: b\\n|\\ndata;9,-1,1",
        "data: a\\r\\r;9",
        "data: a\\r\\n\\r\\n;11",
        "data: a\\r\\n\\r|\\n;10,1",
        "data: a\\r\\n\\r|\\r;10,1"
      })
  void theBoundaryIsBehindTheLastBlankLineOfAChunk(String chunks, String boundaries)
      throws Failure {
    SseScanner scanner = new SseScanner(LIMIT);
    List<String> found = new ArrayList<>();
    for (String chunk : chunks.translateEscapes().split("\\|", -1)) {
      scanner.scan(Unpooled.copiedBuffer(chunk, UTF_8), new Events());
      found.add(Integer.toString(scanner.boundary()));
    }
    assertEquals(boundaries, String.join(",", found));
  }

  @Test
  void theBoundaryIsAnIndexOfTheBuffer() throws Failure {
    SseScanner scanner = new SseScanner(LIMIT);
    scanner.scan(Unpooled.copiedBuffer("xxxdata: a\n\nd", UTF_8).skipBytes(3), new Events());
    assertEquals(12, scanner.boundary());
  }
}
