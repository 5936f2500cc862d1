package dev.ccr.proxy.line;

import static dev.ccr.proxy.testing.RawHttp2.ACK;
import static dev.ccr.proxy.testing.RawHttp2.CONTINUATION;
import static dev.ccr.proxy.testing.RawHttp2.DATA;
import static dev.ccr.proxy.testing.RawHttp2.END_HEADERS;
import static dev.ccr.proxy.testing.RawHttp2.END_STREAM;
import static dev.ccr.proxy.testing.RawHttp2.GOAWAY;
import static dev.ccr.proxy.testing.RawHttp2.HEADERS;
import static dev.ccr.proxy.testing.RawHttp2.PADDED;
import static dev.ccr.proxy.testing.RawHttp2.PING;
import static dev.ccr.proxy.testing.RawHttp2.PREFACE;
import static dev.ccr.proxy.testing.RawHttp2.PRIORITY;
import static dev.ccr.proxy.testing.RawHttp2.PUSH_PROMISE;
import static dev.ccr.proxy.testing.RawHttp2.RST_STREAM;
import static dev.ccr.proxy.testing.RawHttp2.SETTINGS;
import static dev.ccr.proxy.testing.RawHttp2.WINDOW_UPDATE;
import static dev.ccr.proxy.testing.RawHttp2.fields;
import static dev.ccr.proxy.testing.RawHttp2.frame;
import static dev.ccr.proxy.testing.RawHttp2.number;
import static dev.ccr.proxy.testing.RawHttp2.settings;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ccr.proxy.mock.MockUpstream;
import dev.ccr.proxy.mock.Reply;
import dev.ccr.proxy.testing.Chat;
import dev.ccr.proxy.testing.RawHttp2;
import dev.ccr.proxy.testing.Router;
import java.io.ByteArrayOutputStream;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What clients must not send, and what they may though few do, frame by frame over real sockets, in
 * the manner of h2spec. Sections are those of RFC 9113 where nothing else is said. After each case
 * the router answers others as before.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class Http2FramesTest {

  private static final String[] POST = {
    ":method", "POST", ":scheme", "http", ":path", "/v1/messages", ":authority", "localhost"
  };
  private static final String[] HEALTH = {
    ":method", "GET", ":scheme", "http", ":path", "/health", ":authority", "localhost"
  };

  /**
   * One case.
   *
   * @param expected what becomes of the last stream that the case names: its status, or {@code RST
   *     code}, {@code GOAWAY code} or {@code CLOSED}; several, where the RFC leaves it open
   */
  record Case(String section, String name, String expected, int stream, List<byte[]> frames) {

    @Override
    public String toString() {
      return section + " " + name + ": " + expected;
    }
  }

  private final MockUpstream upstream = MockUpstream.start(r -> Reply.silence());
  private Router router;

  @BeforeAll
  void start() {
    router = Router.start(upstream);
  }

  @AfterAll
  void stop() {
    router.close();
    upstream.close();
  }

  static Stream<Case> connections() {
    byte[] no = {};
    return Stream.of(
        new Case("3.4", "preface that goes wrong", "GOAWAY 1|CLOSED", 1,
            List.of("PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n".getBytes(StandardCharsets.US_ASCII))),
        new Case("3.4", "first frame no settings", "GOAWAY 1", 1,
            List.of(PREFACE, frame(PING, 0, 0, new byte[8]))),
        new Case("3.4", "first frame a mere answer", "GOAWAY 1", 1,
            List.of(PREFACE, frame(SETTINGS, ACK, 0))),
        ready("4.1", "unknown type", "200", 3,
            frame(0x55, 0, 0, (byte) 1), frame(0x55, 9, 1, (byte) 1), health(3)),
        ready("4.1", "reserved bit", "200", 1, health(0x80000001)),
        ready("4.2", "frame above the limit", "GOAWAY 6", 1,
            frame(HEADERS, END_HEADERS, 1, new byte[16_385])),
        ready("5.1", "data on an idle stream", "GOAWAY 1", 1, frame(DATA, 0, 1, no)),
        ready("5.1", "reset of an idle stream", "GOAWAY 1", 1, reset(1)),
        ready("5.1", "window of an idle stream", "GOAWAY 1", 1,
            frame(WINDOW_UPDATE, 0, 1, number(1))),
        ready("5.1", "data behind the end", "RST 5|GOAWAY 5", 1,
            asked(1), frame(DATA, 0, 1, (byte) 1)),
        ready("5.1", "head behind the end", "RST 5|GOAWAY 5", 1,
            asked(1), frame(HEADERS, END_HEADERS | END_STREAM, 1, fields(POST))),
        ready("5.1", "data behind a reset", "200", 3,
            post(1, "a", "b"), reset(1), frame(DATA, 0, 1, (byte) 1), health(3)),
        ready("5.1.1", "even number", "GOAWAY 1", 2, health(2)),
        ready("5.1.1", "number below the last", "GOAWAY 1|GOAWAY 5|RST 5", 1, health(3), health(1)),
        ready("5.1.1", "number used again", "GOAWAY 1|GOAWAY 5|RST 5", 1,
            asked(1), reset(1), health(1)),
        ready("5.1.2", "one stream too many", "RST 7", 257,
            repeat(129, i -> post(2 * i + 1, "a", "b"))),
        ready("5.3.1", "stream that depends on itself", "RST 1|GOAWAY 1", 1,
            frame(HEADERS, END_HEADERS | 0x20, 1, join(new byte[] {0, 0, 0, 1, 0}, fields(POST)))),
        ready("6.1", "data on stream 0", "GOAWAY 1", 1, frame(DATA, 0, 0, (byte) 1)),
        ready("6.1", "more padding than frame", "GOAWAY 1", 1,
            post(1, "a", "b"), frame(DATA, PADDED, 1, (byte) 9, (byte) 1)),
        ready("6.2", "head on stream 0", "GOAWAY 1", 1,
            frame(HEADERS, END_HEADERS, 0, fields(POST))),
        ready("6.2", "more padding than head", "GOAWAY 1", 1,
            frame(HEADERS, END_HEADERS | PADDED, 1, (byte) 200, (byte) 1)),
        ready("6.3", "short priority", "RST 6|GOAWAY 6", 1,
            post(1, "a", "b"), frame(PRIORITY, 0, 1, new byte[4])),
        ready("6.4", "reset of stream 0", "GOAWAY 1", 1, reset(0)),
        ready("6.4", "short reset", "GOAWAY 6", 1,
            post(1, "a", "b"), frame(RST_STREAM, 0, 1, new byte[3])),
        ready("6.5", "settings of a stream", "GOAWAY 1", 1, frame(SETTINGS, 0, 1, no)),
        ready("6.5", "settings of five bytes", "GOAWAY 6", 1, frame(SETTINGS, 0, 0, new byte[5])),
        ready("6.5", "answer with settings", "GOAWAY 6", 1, frame(SETTINGS, ACK, 0, new byte[6])),
        ready("6.5.2", "unknown setting", "200", 1,
            frame(SETTINGS, 0, 0, settings(0x99, 1)), health(1)),
        ready("6.5.2", "push neither on nor off", "GOAWAY 1", 1,
            frame(SETTINGS, 0, 0, settings(2, 2))),
        ready("6.5.2", "window of 2 GiB", "GOAWAY 3", 1,
            frame(SETTINGS, 0, 0, settings(4, 1L << 31))),
        ready("6.5.2", "frames too small", "GOAWAY 1", 1,
            frame(SETTINGS, 0, 0, settings(5, 16_383))),
        ready("6.5.2", "frames too large", "GOAWAY 1", 1,
            frame(SETTINGS, 0, 0, settings(5, 1 << 24))),
        ready("6.6", "promise of a client", "GOAWAY 1", 1,
            post(1, "a", "b"),
            frame(PUSH_PROMISE, END_HEADERS, 1, join(number(2), fields(HEALTH)))),
        ready("6.7", "ping of a stream", "GOAWAY 1", 1, frame(PING, 0, 1, new byte[8])),
        ready("6.7", "short ping", "GOAWAY 6", 1, frame(PING, 0, 0, new byte[7])),
        ready("6.8", "goodbye of a stream", "GOAWAY 1", 1, frame(GOAWAY, 0, 1, new byte[8])),
        ready("6.9", "window opened by nothing", "GOAWAY 1", 1,
            frame(WINDOW_UPDATE, 0, 0, number(0))),
        ready("6.9", "stream's window opened by nothing", "RST 1|GOAWAY 1", 1,
            post(1, "a", "b"), frame(WINDOW_UPDATE, 0, 1, number(0))),
        ready("6.9", "short window", "GOAWAY 6", 1, frame(WINDOW_UPDATE, 0, 0, new byte[3])),
        ready("6.9.1", "window above 2 GiB", "GOAWAY 3", 1,
            frame(WINDOW_UPDATE, 0, 0, number(Integer.MAX_VALUE))),
        ready("6.9.1", "stream's window above 2 GiB", "RST 3", 1,
            post(1, "a", "b"), frame(WINDOW_UPDATE, 0, 1, number(Integer.MAX_VALUE))),
        ready("6.9.1", "more than the stream's window", "RST 3|GOAWAY 3", 1,
            post(1, "a", "b"), repeat(70, i -> frame(DATA, 0, 1, new byte[16_384]))),
        ready("6.10", "continuation of nothing", "GOAWAY 1", 1,
            frame(CONTINUATION, END_HEADERS, 1, fields(POST))),
        ready("6.10", "data inside a head", "GOAWAY 1", 1,
            frame(HEADERS, 0, 1, fields(POST)), frame(DATA, 0, 1, no)),
        ready("6.10", "ping inside a head", "GOAWAY 1", 1,
            frame(HEADERS, 0, 1, fields(POST)), frame(PING, 0, 0, new byte[8])),
        ready("6.10", "head in pieces", "200", 1,
            frame(HEADERS, END_STREAM, 1, Arrays.copyOf(fields(HEALTH), 9)),
            frame(CONTINUATION, END_HEADERS, 1,
                Arrays.copyOfRange(fields(HEALTH), 9, fields(HEALTH).length))));
  }

  static Stream<Case> attacks() {
    byte[] value = new byte[4_000];
    Arrays.fill(value, (byte) 'a');
    String large = new String(value, StandardCharsets.US_ASCII);
    return Stream.of(
        ready("10.5", "rapid reset", "GOAWAY 11", 1,
            repeat(1_000, i -> join(post(2 * i + 1, "a", "b"), reset(2 * i + 1)))),
        ready("10.5", "requests made to be reset", "GOAWAY 11", 4_001,
            repeat(2_000, i -> join(
                post(2 * i + 1, "a", "b"), frame(WINDOW_UPDATE, 0, 2 * i + 1, number(0))))),
        ready("10.5", "pings", "GOAWAY 11", 1,
            repeat(5_000, i -> frame(PING, 0, 0, new byte[8]))),
        ready("10.5", "answers to no ping", "GOAWAY 11", 1,
            repeat(5_000, i -> frame(PING, ACK, 0, new byte[8]))),
        ready("10.5", "settings", "GOAWAY 11", 1,
            repeat(5_000, i -> frame(SETTINGS, 0, 0, settings(4, 65_535 + i)))),
        ready("10.5", "empty data", "GOAWAY 11", 1,
            post(1, "a", "b"), repeat(100, i -> frame(DATA, 0, 1))),
        ready("10.5.1", "small continuations", "GOAWAY 11", 1,
            frame(HEADERS, 0, 1, fields(POST)), repeat(100, i -> frame(CONTINUATION, 0, 1))),
        ready("10.5.1", "continuations without an end", "GOAWAY 11|GOAWAY 1", 1,
            frame(HEADERS, 0, 1, fields(POST)),
            repeat(100, i -> frame(CONTINUATION, 0, 1, fields("x", large)))),
        ready("10.5.1", "head of 70 KiB", "431", 1,
            frame(HEADERS, END_STREAM, 1, fields(HEALTH)),
            repeat(4, i -> frame(CONTINUATION, 0, 1, repeat(4, j -> fields("x", large)))),
            frame(CONTINUATION, END_HEADERS, 1, repeat(2, j -> fields("x", large)))),
        ready("10.5.1", "head of one field again and again", "431", 1,
            frame(HEADERS, END_STREAM, 1, join(fields(HEALTH), stored("x", large))),
            frame(CONTINUATION, END_HEADERS, 1, repeat(4_000, i -> new byte[] {(byte) 0xbe}))),
        ready("RFC 7541 2.3.3", "field that is not there", "GOAWAY 9", 1,
            frame(HEADERS, END_HEADERS | END_STREAM, 1, (byte) 0xff, (byte) 0x7f)),
        ready("RFC 7541 4.2", "table larger than allowed", "GOAWAY 9", 1,
            frame(HEADERS, END_HEADERS | END_STREAM, 1,
                join(new byte[] {0x3f, (byte) 0xff, (byte) 0xff, 0x7f}, fields(HEALTH)))),
        ready("RFC 7541 5.2", "text longer than the block", "GOAWAY 9", 1,
            frame(HEADERS, END_HEADERS | END_STREAM, 1, (byte) 0, (byte) 1, (byte) 'a', (byte) 99)),
        ready("RFC 7541 5.2", "broken Huffman code", "GOAWAY 9", 1,
            frame(HEADERS, END_HEADERS | END_STREAM, 1,
                (byte) 0, (byte) 1, (byte) 'a', (byte) 0x84,
                (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff)));
  }

  static Stream<Case> requests() {
    return Stream.of(
        request("8.1", "second head that ends nothing", "RST 1|GOAWAY 1",
            join(post(1, "a", "b"), frame(HEADERS, END_HEADERS, 1, fields("x", "y")))),
        request("8.1", "trailers with a path", "RST 1",
            join(
                post(1, "a", "b"),
                frame(HEADERS, END_HEADERS | END_STREAM, 1, fields(":path", "/")))),
        request("8.1.1", "more body than announced", "RST 1",
            join(post(1, "content-length", "1"), frame(DATA, END_STREAM, 1, new byte[2]))),
        request("8.1.1", "less body than announced", "RST 1",
            join(post(1, "content-length", "9"), frame(DATA, END_STREAM, 1, new byte[2]))),
        request("8.1.1", "two lengths", "RST 1",
            head(with(POST, "content-length", "1", "content-length", "2"))),
        request("8.1.1", "length that is no number", "RST 1",
            head(with(POST, "content-length", "-1"))),
        request("8.2.1", "capital in a name", "RST 1", head(with(HEALTH, "X-Y", "z"))),
        request("8.2.1", "blank in a name", "RST 1", head(with(HEALTH, "x y", "z"))),
        request("8.2.1", "name of nothing", "RST 1", head(with(HEALTH, "", "z"))),
        request("8.2.1", "NUL in a value", "RST 1", head(with(HEALTH, "x", "a\0b"))),
        request("8.2.1", "end of a line in a value", "RST 1",
            head(with(HEALTH, "x", "a\r\nhost: y"))),
        request("8.2.2", "connection", "RST 1", head(with(HEALTH, "connection", "close"))),
        request("8.2.2", "keep-alive", "RST 1", head(with(HEALTH, "keep-alive", "1"))),
        request("8.2.2", "proxy-connection", "RST 1", head(with(HEALTH, "proxy-connection", "a"))),
        request("8.2.2", "transfer-encoding", "RST 1",
            head(with(HEALTH, "transfer-encoding", "chunked"))),
        request("8.2.2", "upgrade", "RST 1", head(with(HEALTH, "upgrade", "h2c"))),
        request("8.2.2", "te: gzip", "RST 1", head(with(HEALTH, "te", "gzip"))),
        request("8.2.2", "te: trailers", "200", head(with(HEALTH, "te", "trailers"))),
        request("8.2.3", "cookie in crumbs", "200",
            head(with(HEALTH, "cookie", "a", "cookie", "b"))),
        request("8.3", "pseudo header of an answer", "RST 1", head(with(HEALTH, ":status", "200"))),
        request("8.3", "pseudo header nobody knows", "RST 1", head(with(HEALTH, ":x", "y"))),
        request("8.3", "pseudo header behind a field", "RST 1",
            head(with(new String[] {"x", "y"}, HEALTH))),
        request("8.3.1", "two paths", "RST 1", head(with(HEALTH, ":path", "/"))),
        request("8.3.1", "two methods", "RST 1", head(with(HEALTH, ":method", "GET"))),
        request("8.3.1", "no method", "RST 1", head(without(HEALTH, ":method"))),
        request("8.3.1", "no scheme", "RST 1", head(without(HEALTH, ":scheme"))),
        request("8.3.1", "no path", "RST 1", head(without(HEALTH, ":path"))),
        request("8.3.1", "path of nothing", "RST 1",
            head(with(without(HEALTH, ":path"), ":path", ""))),
        request("8.3.1", "path that does not begin at the root", "RST 1",
            head(with(without(HEALTH, ":path"), ":path", "health"))),
        request("8.3.1", "whole URL for a path", "RST 1",
            head(with(without(HEALTH, ":path"), ":path", "http://x/health"))),
        request("8.3.1", "blank in a path", "RST 1",
            head(with(without(HEALTH, ":path"), ":path", "/health HTTP/1.1"))),
        request("8.3.1", "blank in a method", "RST 1",
            head(with(without(HEALTH, ":method"), ":method", "GET /"))),
        request("8.3.1", "another host", "RST 1", head(with(HEALTH, "host", "y"))),
        request("8.3.1", "the same host again", "200", head(with(HEALTH, "host", "localhost"))),
        request("8.3.1", "a host alone", "200",
            head(with(without(HEALTH, ":authority"), "host", "localhost"))),
        request("8.5", "connect with a path", "RST 1",
            head(with(without(HEALTH, ":method"), ":method", "CONNECT"))));
  }

  @ParameterizedTest
  @MethodSource({"connections", "attacks", "requests"})
  void whatAClientMustNotSendIsRefusedAndOthersAreAnsweredAsBefore(Case each) throws Exception {
    try (RawHttp2 client = new RawHttp2(router.connect())) {
      try {
        client.send(each.frames().toArray(byte[][]::new));
      } catch (SocketException e) { // closed already: what it said is read below
        assertTrue(each.expected().contains("GOAWAY"), e::getMessage);
      }
      String seen = client.answer(each.stream()).status();
      assertTrue(
          List.of(each.expected().split("\\|")).contains(seen), () -> each + ", but " + seen);
      boolean full = seen.equals("RST 7");
      if ((seen.startsWith("RST") && !full) || seen.equals("200") || seen.equals("431")) {
        client.skipTo(10_001);
        assertEquals("200", client.answer(client.get("/health")).status(), "the connection stays");
      }
    }
    try (RawHttp2 other = RawHttp2.open(router)) {
      assertEquals("200", other.answer(other.get("/health")).status());
      router.awaitNothingInFlight();
    }
  }

  private static Case ready(
      String section, String name, String expected, int stream, byte[]... frames) {
    return new Case(
        section, name, expected, stream, List.of(PREFACE, frame(SETTINGS, 0, 0), join(frames)));
  }

  private static Case request(String section, String name, String expected, byte[] frames) {
    return ready(section, name, expected, 1, frames);
  }

  private static byte[] head(String... fields) {
    return frame(HEADERS, END_HEADERS | END_STREAM, 1, fields(fields));
  }

  private static byte[] health(int stream) {
    return frame(HEADERS, END_HEADERS | END_STREAM, stream, fields(HEALTH));
  }

  /** The head of a request with the key and another field; its body is to follow. */
  private static byte[] post(int stream, String name, String value) {
    return frame(
        HEADERS, END_HEADERS, stream, fields(with(POST, "x-api-key", Router.KEY, name, value)));
  }

  /** A whole request, which waits for its answer. */
  private static byte[] asked(int stream) {
    byte[] body = Chat.request("openai,m", true).getBytes(StandardCharsets.US_ASCII);
    return join(post(stream, "a", "b"), frame(DATA, END_STREAM, stream, body));
  }

  private static byte[] reset(int stream) {
    return frame(RST_STREAM, 0, stream, number(8));
  }

  /** A field that the router shall keep: RFC 7541, section 6.2.1. */
  private static byte[] stored(String name, String value) {
    byte[] field = fields(name, value);
    field[0] = 0x40;
    return field;
  }

  private static String[] with(String[] fields, String... more) {
    return Stream.concat(Stream.of(fields), Stream.of(more)).toArray(String[]::new);
  }

  private static String[] without(String[] fields, String name) {
    int at = Arrays.asList(fields).indexOf(name);
    return Stream.concat(Arrays.stream(fields, 0, at), Arrays.stream(fields, at + 2, fields.length))
        .toArray(String[]::new);
  }

  private static byte[] repeat(int times, IntFunction<byte[]> part) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int i = 0; i < times; i++) {
      out.writeBytes(part.apply(i));
    }
    return out.toByteArray();
  }

  private static byte[] join(byte[]... parts) {
    return repeat(parts.length, i -> parts[i]);
  }
}
