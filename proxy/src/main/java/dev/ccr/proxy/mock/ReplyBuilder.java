package dev.ccr.proxy.mock;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Builds a {@link Reply} step by step; {@link #end}, {@link #close}, {@link #reset}, {@link #hang}
 * or {@link #endless} finishes it. The body goes out in HTTP chunks unless the head was given a
 * {@code content-length} or {@code transfer-encoding}: then its bytes go out as they are, be the
 * announced length right or wrong. A head is sent together with the step that follows it.
 *
 * <p>For one thread and one reply: no method may be called after a finishing one.
 */
public final class ReplyBuilder {
  private static final Bytes CRLF = Bytes.latin1("\r\n");
  private static final Step LAST_CHUNK = new Step.Write(Bytes.latin1("0\r\n\r\n"), 0, 0, false);

  private final StringBuilder head = new StringBuilder();
  private final List<Step> steps = new ArrayList<>();
  private boolean headOpen;
  private boolean chunked;
  private boolean bodiless;
  private boolean closing;

  /** A reply without a head. */
  ReplyBuilder() {}

  ReplyBuilder(int status) {
    if (status < 200 || status > 599) {
      throw new IllegalArgumentException("status: " + status + " (expected: 200..599)");
    }
    headOpen = true;
    bodiless = status == 204 || status == 304;
    chunked = !bodiless;
    head.append("HTTP/1.1 ").append(HttpResponseStatus.valueOf(status)).append("\r\n");
  }

  /**
   * Adds a header, as it is. With {@code connection: close} the connection closes after the end.
   *
   * @throws IllegalStateException after the first step of the body, or without a head
   */
  public ReplyBuilder header(String name, String value) {
    if (!headOpen) {
      throw new IllegalStateException("header: " + name + " (expected: before any step)");
    }
    if (HttpHeaderNames.CONTENT_LENGTH.contentEqualsIgnoreCase(name)
        || HttpHeaderNames.TRANSFER_ENCODING.contentEqualsIgnoreCase(name)) {
      chunked = false;
    }
    if (HttpHeaderNames.CONNECTION.contentEqualsIgnoreCase(name)
        && HttpHeaderValues.CLOSE.contentEqualsIgnoreCase(value)) {
      closing = true;
    }
    head.append(name).append(": ").append(value).append("\r\n");
    return this;
  }

  /** A part of the body, in UTF-8: one write, one flush, one HTTP chunk. Nothing if empty. */
  public ReplyBuilder chunk(String text) {
    return chunk(text.getBytes(StandardCharsets.UTF_8));
  }

  /** A part of the body, copied: one write, one flush, one HTTP chunk. Nothing if empty. */
  public ReplyBuilder chunk(byte[] bytes) {
    requireBody();
    return bytes.length == 0 ? this : add(framed(bytes, false));
  }

  /**
   * A part of the body, copied, sent as if it were many chunks of a number of bytes, each with its
   * own write and flush. They are cut while they are sent and cost no memory.
   *
   * @param size bytes in a chunk, at least 1; the last chunk may be smaller
   */
  public ReplyBuilder cut(byte[] bytes, int size) {
    if (size < 1) {
      throw new IllegalArgumentException("size: " + size + " (expected: >= 1)");
    }
    requireBody();
    int last = bytes.length % size;
    Bytes payload = Bytes.copyOf(bytes);
    if (bytes.length == 0) {
      return this;
    }
    return add(
        chunked
            ? new Step.Cut(payload, size, chunkSize(size), chunkSize(last), CRLF)
            : new Step.Cut(payload, size, Bytes.EMPTY, Bytes.EMPTY, Bytes.EMPTY));
  }

  /** Bytes, copied, that bypass HTTP's framing: broken chunk sizes, a second head, anything. */
  public ReplyBuilder raw(byte[] bytes) {
    return add(new Step.Write(Bytes.copyOf(bytes), 0, bytes.length, false));
  }

  /** A text, in UTF-8, that bypasses HTTP's framing. */
  public ReplyBuilder raw(String text) {
    return raw(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Waits, by the event loop's timer. What stands before is sent first. */
  public ReplyBuilder pause(Duration time) {
    return add(new Step.Pause(time.toNanos()));
  }

  /** Waits until the gate is open. What stands before is sent first. */
  public ReplyBuilder await(Gate gate) {
    return add(new Step.Await(gate));
  }

  /** The normal end of the body. The connection serves the next request if both sides agree. */
  public Reply end() {
    closeHead();
    if (chunked) {
      steps.add(LAST_CHUNK);
    }
    return finish(Step.Last.END);
  }

  /**
   * Closes the connection (FIN) after what stands before is sent, without a last chunk. Over TLS a
   * close_notify goes first.
   */
  public Reply close() {
    return finish(Step.Last.CLOSE);
  }

  /**
   * Resets the connection (RST) after what stands before is handed to the kernel, which drops what
   * the peer has not yet taken: let the peer read first, with a {@link Gate}, where that matters.
   */
  public Reply reset() {
    return finish(Step.Last.RESET);
  }

  /** Sends nothing more and leaves the connection open until the client closes it. */
  public Reply hang() {
    return finish(Step.Last.HANG);
  }

  /** Sends this chunk over and over, as fast as the client reads, until the client closes. */
  public Reply endless(String chunk) {
    requireBody();
    if (chunk.isEmpty()) {
      throw new IllegalArgumentException("chunk: \"\" (expected: not empty)");
    }
    add(framed(chunk.getBytes(StandardCharsets.UTF_8), true));
    return finish(Step.Last.HANG);
  }

  private void requireBody() {
    if (bodiless) {
      throw new IllegalStateException("status: 204 or 304 (expected: one with a body)");
    }
    closeHead();
  }

  private Reply finish(Step.Last last) {
    add(last);
    return new Reply(steps, closing);
  }

  private ReplyBuilder add(Step step) {
    closeHead();
    steps.add(step);
    return this;
  }

  private void closeHead() {
    if (headOpen) {
      headOpen = false;
      if (chunked) {
        head.append("transfer-encoding: chunked\r\n");
      }
      steps.add(new Step.Head(Bytes.latin1(head.toString())));
    }
  }

  private Step framed(byte[] payload, boolean endless) {
    if (!chunked) {
      return new Step.Write(Bytes.copyOf(payload), 0, payload.length, endless);
    }
    byte[] prefix = sizeLine(payload.length).getBytes(StandardCharsets.ISO_8859_1);
    byte[] framed = new byte[prefix.length + payload.length + 2];
    System.arraycopy(prefix, 0, framed, 0, prefix.length);
    System.arraycopy(payload, 0, framed, prefix.length, payload.length);
    framed[framed.length - 2] = '\r';
    framed[framed.length - 1] = '\n';
    return new Step.Write(
        new Bytes(framed), prefix.length, prefix.length + payload.length, endless);
  }

  private static Bytes chunkSize(int size) {
    return Bytes.latin1(sizeLine(size));
  }

  private static String sizeLine(int size) {
    return Integer.toHexString(size).toLowerCase(Locale.ROOT) + "\r\n";
  }
}
