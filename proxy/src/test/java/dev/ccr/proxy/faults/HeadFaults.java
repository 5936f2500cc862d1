package dev.ccr.proxy.faults;

import static dev.ccr.proxy.faults.Fault.head;
import static dev.ccr.proxy.faults.Fault.upstream;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

/** What may be wrong with the head of an answer, or what it says of the body. */
final class HeadFaults {

  private static final String OK = "HTTP/1.1 200 OK\r\n";
  private static final String NOTHING = "content-length: 0\r\n\r\n";
  private static final Set<Kind> CHAT = EnumSet.of(Kind.CHAT_STREAM, Kind.CHAT_WHOLE);

  private HeadFaults() {}

  static List<Fault> all() {
    return Stream.of(heads(), interim(), lengths(), encodings(), types(), statuses())
        .flatMap(List::stream)
        .toList();
  }

  private static List<Fault> heads() {
    return List.of(
        bytes("no head at all", kind -> kind.body()),
        bytes("HTTP/0.9", kind -> "<html>" + kind.body() + "</html>"),
        bytes("another protocol", kind -> "\u0000\u0000\u0012\u0004\u0000\u0000\u0000\u0000\u0000"),
        bytes("a status of letters", kind -> "HTTP/1.1 abc OK\r\n" + NOTHING),
        bytes("a status of four figures", kind -> "HTTP/1.1 2000 OK\r\n" + NOTHING),
        bytes("a status line of 10,000 bytes", kind -> "HTTP/1.1 200 " + "x".repeat(10_000)
            + "\r\n" + NOTHING),
        bytes("a header of 100,000 bytes", kind -> OK + "x: " + "y".repeat(100_000) + "\r\n"
            + NOTHING),
        bytes("10,000 headers", kind -> OK + "x-header: value\r\n".repeat(10_000) + NOTHING),
        bytes("headers without end", kind -> OK + "x-header: value\r\n".repeat(10_000)),
        bytes("half a head", kind -> OK + "content-ty"),
        head("a NUL in a header", (wire, kind, phase) ->
            wire.send(OK + "x-y: a\u0000b\r\n" + kind.answer().substring(OK.length())).untilGone()),
        head("switching protocols", (wire, kind, phase) ->
            wire.send("HTTP/1.1 101 Yes\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n")
                .untilGone())
            .impatient()
            .gives("504 timeout_error"));
  }

  private static List<Fault> interim() {
    String hints = "HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n";
    String carryOn = "HTTP/1.1 100 Continue\r\n\r\n";
    return List.of(
        head("100 and then nothing", (wire, kind, phase) -> wire.send(carryOn).untilGone())
            .impatient().gives("504 timeout_error"),
        head("103 and then nothing", (wire, kind, phase) -> wire.send(hints).untilGone())
            .impatient().gives("504 timeout_error"),
        head("100 without end", (wire, kind, phase) -> wire.repeat(carryOn, 5))
            .impatient().gives("504 timeout_error"),
        head("100 and then a FIN", (wire, kind, phase) -> wire.send(carryOn).close()),
        head("100 and 103 and then an answer", (wire, kind, phase) ->
            wire.send(carryOn + hints + kind.answer()))
            .gives("whole"));
  }

  private static List<Fault> lengths() {
    return List.of(
        sized("a length beyond the body", kind -> kind.body().length() + 10, Kind::body)
            .gives((kind, phase) -> kind == Kind.CLAUDE_WHOLE ? "broken" : "whole"),
        sized("a length inside the body", kind -> kind.body().indexOf("two") + 1, Kind::body)
            .gives((kind, phase) -> kind == Kind.CLAUDE_WHOLE ? "not an answer: .*"
                : Fault.broken(kind, Phase.MID_EVENT)),
        sized("less than its length", kind -> kind.body().length(), HeadFaults::half)
            .gives((kind, phase) -> Fault.broken(kind, Phase.MID_EVENT)),
        length("two lengths", "content-length: 5\r\ncontent-length: 7"),
        length("a negative length", "content-length: -1"),
        length("a length of letters", "content-length: abc"),
        length("a length beyond all numbers", "content-length: 99999999999999999999"),
        length("a length and chunks", "content-length: 5\r\ntransfer-encoding: chunked"),
        length("an unknown transfer encoding", "transfer-encoding: rot13"),
        length("a transfer encoding nobody asked for", "transfer-encoding: gzip, chunked"),
        head("HTTP/1.0 until the end of the connection", (wire, kind, phase) ->
            wire.send("HTTP/1.0 200 OK\r\ncontent-type: " + kind.contentType() + "\r\n\r\n"
                + kind.body()).close())
            .gives("whole"),
        head("HTTP/1.0 that is cut", (wire, kind, phase) ->
            wire.send("HTTP/1.0 200 OK\r\ncontent-type: " + kind.contentType() + "\r\n\r\n"
                + half(kind)).close())
            .of(EnumSet.complementOf(EnumSet.of(Kind.CLAUDE_WHOLE)))
            .gives((kind, phase) -> Fault.broken(kind, Phase.MID_EVENT)));
  }

  private static List<Fault> encodings() {
    return List.of(
        encoded("gzip", "gzip", kind -> gzip(kind.body())).gives("whole"),
        encoded("gzip that is none", "gzip", Kind::body),
        encoded("gzip that is cut", "gzip", kind -> {
          String whole = gzip(kind.body());
          return whole.substring(0, whole.length() / 2);
        }).gives((kind, phase) -> kind == Kind.CLAUDE_WHOLE // relayed as far as it came
            ? "not an answer: \\{\"id\":\"msg_fault\",.*[^}]" : "502 api_error"),
        encoded("gzip with a wrong check sum", "gzip", kind -> {
          String whole = gzip(kind.body());
          return whole.substring(0, whole.length() - 8) + "12345678";
        }).gives((kind, phase) -> Fault.broken(kind, Phase.AFTER_FINISH)),
        encoded("a bomb", "gzip", kind -> gzip("\n".repeat(100 << 20)))
            .of(CHAT)
            .gives("502 api_error")
            .slow(),
        encoded("brotli that is none", "br", Kind::body),
        // Nobody decodes it: it is read as it is.
        encoded("zstd that is none", "zstd", Kind::body)
            .gives("whole"));
  }

  private static List<Fault> types() {
    return List.of(
        typed("no type", "").gives("whole"),
        typed("the type of words", "content-type: text/plain\r\n").gives("whole"),
        head("the other type", (wire, kind, phase) -> wire.send(OK + "content-type: "
            + (kind.isStream() ? "application/json" : "text/event-stream")
            + "\r\ntransfer-encoding: chunked\r\n\r\n" + kind.from(Phase.AFTER_HEADERS)))
            .of(CHAT)
            .gives("whole"),
        head("a page", (wire, kind, phase) -> wire.send(OK + "content-type: text/html\r\n"
            + "content-length: 25\r\n\r\n<html>Please log in</html>")),
        head("an empty body", (wire, kind, phase) ->
            wire.send(OK + "content-type: " + kind.contentType() + "\r\n" + NOTHING))
            .of(EnumSet.complementOf(EnumSet.of(Kind.CLAUDE_WHOLE))));
  }

  private static List<Fault> statuses() {
    return Stream.concat(
            Stream.of(301, 302, 303, 307, 308)
                .map(status -> head("redirect " + status, (wire, kind, phase) ->
                    wire.send("HTTP/1.1 " + status + " Moved\r\nlocation: http://127.0.0.1:1/x\r\n"
                        + NOTHING).untilGone())
                    .of(EnumSet.of(Kind.CHAT_STREAM, Kind.CLAUDE_STREAM))),
            Stream.of(
                head("304", (wire, kind, phase) -> wire.send("HTTP/1.1 304 Not Modified\r\n\r\n")
                    .untilGone()),
                head("204 with a body", (wire, kind, phase) ->
                    wire.send("HTTP/1.1 204 No Content\r\n\r\n" + kind.body()).halfClose())
                    .gives((kind, phase) -> kind == Kind.CLAUDE_WHOLE ? "204 " : "502 api_error"),
                head("205 with a body", (wire, kind, phase) ->
                    wire.send("HTTP/1.1 205 Reset Content\r\n" + NOTHING + kind.body()).halfClose())
                    .gives((kind, phase) -> kind == Kind.CLAUDE_WHOLE ? "205 " : "502 api_error"),
                head("an error that is cut", (wire, kind, phase) ->
                    wire.send("HTTP/1.1 500 No\r\ncontent-length: 100\r\n\r\n{\"error\":").close())
                    .gives("broken"),
                head("an error that is cut in its head", (wire, kind, phase) ->
                    wire.send("HTTP/1.1 500 No\r\ncontent-le").close()),
                head("an empty error", (wire, kind, phase) ->
                    wire.send("HTTP/1.1 500 No\r\n" + NOTHING)).gives("500 "),
                head("a silent error", (wire, kind, phase) ->
                    wire.send("HTTP/1.1 500 No\r\ncontent-length: 9\r\n\r\n{").untilGone())
                    .impatient().gives("broken"),
                upstream("closes when it is asked again", (wire, kind, phase) -> {
                  if (wire.isUsedAgain()) {
                    wire.close();
                  } else {
                    wire.send(kind.answer());
                  }
                }).in(Phase.BEFORE_HEADERS).gives("whole"),
                upstream("resets when it is asked again", (wire, kind, phase) -> {
                  if (wire.isUsedAgain()) {
                    wire.reset();
                  } else {
                    wire.send(kind.answer());
                  }
                }).in(Phase.BEFORE_HEADERS).gives("whole"),
                upstream("closes when it has answered", (wire, kind, phase) ->
                    wire.send(kind.answer()).close())
                    .in(Phase.BEFORE_HEADERS)
                    .by((site, kind, phase) -> {
                      site.post(kind, Site.FAULTY);
                      site.upstream().awaitConnections(0);
                      return site.post(kind, Site.FAULTY);
                    })
                    .gives("whole")))
        .toList();
  }

  private interface Text {
    String of(Kind kind);
  }

  private interface Size {
    int of(Kind kind);
  }

  /** Bytes, and then the end of what the upstream says. */
  private static Fault bytes(String name, Text text) {
    return head(name, (wire, kind, phase) -> wire.send(text.of(kind)).halfClose());
  }

  /** A body, and a length that may be another one's. */
  private static Fault sized(String name, Size length, Text body) {
    return head(name, (wire, kind, phase) ->
        wire.send(kind.head("content-length: " + length.of(kind)) + body.of(kind)).halfClose());
  }

  private static String half(Kind kind) {
    return kind.body().substring(0, kind.body().length() / 2);
  }

  private static Fault length(String name, String headers) {
    return head(name, (wire, kind, phase) ->
        wire.send(kind.head(headers) + kind.from(Phase.AFTER_HEADERS)).halfClose());
  }

  private static Fault encoded(String name, String encoding, Text body) {
    return head(name, (wire, kind, phase) -> wire.send(
        kind.head("transfer-encoding: chunked", "content-encoding: " + encoding)
            + Kind.chunk(body.of(kind)) + "0\r\n\r\n"));
  }

  private static Fault typed(String name, String header) {
    return head(name, (wire, kind, phase) -> wire.send(
        OK + header + "transfer-encoding: chunked\r\n\r\n" + kind.from(Phase.AFTER_HEADERS)));
  }

  /** A character is a byte. */
  private static String gzip(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(text.getBytes(StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toString(StandardCharsets.ISO_8859_1);
  }
}
