package dev.ccr.proxy.mock;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What a {@link MockUpstream} does with one request: a head, then steps in their order. Immutable,
 * so one reply may answer any number of requests, on any number of threads at once; its bytes are
 * made when it is built. It is plain heap memory: nothing needs releasing.
 */
public final class Reply {
  private static final Reply RESET_AT_ONCE = new ReplyBuilder().reset();
  private static final Reply CLOSE_AT_ONCE = new ReplyBuilder().close();
  private static final Reply SILENCE = new ReplyBuilder().hang();

  private final List<Step> steps;
  private final boolean closing;

  Reply(List<Step> steps, boolean closing) {
    this.steps = List.copyOf(steps);
    this.closing = closing;
  }

  /** Starts a reply with this status, 200 to 599. */
  public static ReplyBuilder status(int status) {
    return new ReplyBuilder(status);
  }

  /** Starts a reply without a head: the bytes, sent as they are, stand in place of HTTP. */
  public static ReplyBuilder raw(byte[] bytes) {
    return new ReplyBuilder().raw(bytes);
  }

  /** Starts a reply without a head: the text, in UTF-8, stands in place of HTTP. */
  public static ReplyBuilder raw(String text) {
    return new ReplyBuilder().raw(text);
  }

  /** A 200 whose body is these events, each with its blank line, one HTTP chunk an event. */
  public static Reply sse(List<String> events) {
    ReplyBuilder reply = sse();
    events.forEach(reply::chunk);
    return reply.end();
  }

  /**
   * A 200 whose body is this event stream in HTTP chunks of a number of bytes.
   *
   * @param body the whole stream; copied
   * @param size bytes in a chunk, at least 1; the last chunk may be smaller
   */
  public static Reply sseCut(byte[] body, int size) {
    return sse().cut(body, size).end();
  }

  /** Starts a 200 with the type {@code text/event-stream}. */
  public static ReplyBuilder sse() {
    return status(200)
        .header("content-type", "text/event-stream; charset=utf-8")
        .header("cache-control", "no-cache");
  }

  /** A JSON body with its content-length. */
  public static Reply json(int status, String body) {
    return jsonHead(status, body).chunk(body).end();
  }

  /** Starts a reply whose head announces this JSON body; the body itself is yet to be given. */
  public static ReplyBuilder jsonHead(int status, String body) {
    int length = body.getBytes(StandardCharsets.UTF_8).length;
    return status(status)
        .header("content-type", "application/json")
        .header("content-length", Integer.toString(length));
  }

  /** A connection reset (RST) instead of an answer. */
  public static Reply resetAtOnce() {
    return RESET_AT_ONCE;
  }

  /** A closed connection (FIN) instead of an answer. */
  public static Reply closeAtOnce() {
    return CLOSE_AT_ONCE;
  }

  /** No answer at all, over an open connection, until the client closes it. */
  public static Reply silence() {
    return SILENCE;
  }

  List<Step> steps() {
    return steps;
  }

  /** Whether the head itself says that the connection closes after this reply. */
  boolean isClosing() {
    return closing;
  }
}
