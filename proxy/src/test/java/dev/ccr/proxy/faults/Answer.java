package dev.ccr.proxy.faults;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * What a client has read of one answer of HTTP/1.1, be it whole or not.
 *
 * @param status its code; 0 if not even the head is whole
 * @param body what has come of the body, without its framing
 * @param whole whether the body has come to the end that its framing promises
 * @param rest what came behind that end
 */
record Answer(int status, String body, boolean whole, String rest) {

  private static final String END_OF_HEAD = "\r\n\r\n";

  /** Reads an answer off its bytes, which may end anywhere. */
  static Answer of(byte[] bytes) {
    String wire = new String(bytes, StandardCharsets.ISO_8859_1); // a character is a byte
    int end = wire.indexOf(END_OF_HEAD);
    if (end < 0) {
      return new Answer(0, "", false, wire);
    }
    int status = Integer.parseInt(wire.substring(9, 12));
    String rest = wire.substring(end + END_OF_HEAD.length());
    String head = wire.substring(0, end).toLowerCase(Locale.ROOT) + "\r\n";
    if (status / 100 == 1) {
      return of(rest.getBytes(StandardCharsets.ISO_8859_1));
    }
    return head.contains("\r\ntransfer-encoding: chunked\r\n")
        ? chunked(status, rest)
        : sized(status, rest, length(head));
  }

  /** Whether it is one of a Claude client's errors, with this status. */
  boolean isError(int expected) {
    return status == expected
        && whole
        && body.startsWith("{\"type\":\"error\",\"error\":{\"type\":\"");
  }

  private static int length(String head) {
    String name = "\r\ncontent-length: ";
    int at = head.indexOf(name);
    return at < 0
        ? Integer.MAX_VALUE // to the end of the connection
        : Integer.parseInt(head.substring(at + name.length(), head.indexOf("\r\n", at + 2)));
  }

  private static Answer sized(int status, String rest, int length) {
    boolean whole = rest.length() >= length;
    return new Answer(
        status,
        utf8(whole ? rest.substring(0, length) : rest),
        whole,
        whole ? rest.substring(length) : "");
  }

  private static Answer chunked(int status, String wire) {
    StringBuilder body = new StringBuilder(wire.length());
    int at = 0;
    for (int line; (line = wire.indexOf("\r\n", at)) >= 0; ) {
      int size = Integer.parseInt(wire, at, line, 16);
      int start = line + 2;
      if (size == 0) {
        boolean whole = wire.startsWith("\r\n", start);
        return new Answer(
            status, utf8(body.toString()), whole, whole ? wire.substring(start + 2) : "");
      }
      body.append(wire, start, Math.min(wire.length(), start + size));
      at = start + size + 2;
      if (at > wire.length()) {
        break;
      }
    }
    return new Answer(status, utf8(body.toString()), false, "");
  }

  private static String utf8(String bytes) {
    return new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }
}
