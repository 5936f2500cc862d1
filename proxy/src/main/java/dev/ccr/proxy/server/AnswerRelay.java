package dev.ccr.proxy.server;

import dev.ccr.proxy.config.ErrorStyle;
import dev.ccr.proxy.model.ApiErrorType;
import dev.ccr.proxy.model.Failure;
import dev.ccr.proxy.model.UpstreamException;
import dev.ccr.proxy.provider.StreamTranscoder;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponse;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of the body of one upstream answer: an error goes to the client as it is, anything
 * else through a transcoder. It is made when the answer's head is known, and ends with {@link #end}
 * or {@link #discard}. Nothing is flushed here. For one event loop's thread.
 */
final class AnswerRelay {

  /** Bytes that a translation may need beside as many as the upstream's. */
  private static final int ROOM = 256;

  /** Bytes after which the client gets what is there, though more has been read. */
  private static final int MOST = 65_536;

  private final Channel client;
  private final Exchange exchange;
  private final ClientAnswer answer;
  private final @Nullable StreamTranscoder transcoder;
  private final @Nullable LateError lateError;
  private @Nullable ContextOverflow overflow;
  private @Nullable ByteBuf out; // translated and not written yet
  private int latest; // bytes written at once last

  private AnswerRelay(
      Channel client,
      Exchange exchange,
      ClientAnswer answer,
      @Nullable StreamTranscoder transcoder,
      @Nullable LateError lateError,
      @Nullable ContextOverflow overflow) {
    this.client = client;
    this.exchange = exchange;
    this.answer = answer;
    this.transcoder = transcoder;
    this.lateError = lateError;
    this.overflow = overflow;
  }

  /**
   * An answer with an error status: the client gets it as it is, or as an event if it has a status
   * already.
   */
  static AnswerRelay raw(Channel client, Exchange exchange, Target target, HttpResponse head) {
    exchange.holdStatus(true); // its status is the client's: no early comment may take it now
    return new AnswerRelay(
        client,
        exchange,
        ClientAnswer.passing(client, exchange, head),
        null,
        exchange.isCommitted() ? new LateError(target.origin(), head.status().code()) : null,
        mayBeOverflow(exchange, target, head.status().code())
            ? new ContextOverflow(client.alloc())
            : null);
  }

  /**
   * An answer with a status of success: the client gets a translation.
   *
   * @throws UpstreamException if it cannot be what was asked for
   */
  static AnswerRelay transcoding(
      Channel client, Exchange exchange, Target target, HttpResponse head)
      throws UpstreamException {
    boolean clientStreams = exchange.facts().stream();
    String type =
        head.headers().get(HttpHeaderNames.CONTENT_TYPE, "").toLowerCase(Locale.ROOT);
    if (target.codec().speaksClaude() && type.contains("html")) {
      // A login page, say: passed on it would be taken for an answer.
      throw target.broken("it answered with a page (expected: JSON or an event stream)");
    }
    boolean upstreamStreams =
        Headers.isEventStream(type)
            || (clientStreams && !type.contains("json") && !type.contains("html"));
    if (exchange.isCommitted() && target.codec().speaksClaude() && !upstreamStreams) {
      throw target.broken("it answered with one message (expected: an event stream)");
    }
    if (!upstreamStreams) {
      exchange.holdStatus(true); // likewise
    }
    StreamTranscoder transcoder = exchange.translation().openAnswer(upstreamStreams);
    exchange.answer(transcoder);
    exchange.log().usage(transcoder.usage());
    ClientAnswer answer =
        target.codec().speaksClaude()
            ? ClientAnswer.passing(client, exchange, head)
            : clientStreams
                ? ClientAnswer.events(client, exchange)
                : ClientAnswer.message(client, exchange);
    return new AnswerRelay(client, exchange, answer, transcoder, null, null);
  }

  /** Whether the client gets the body as it is. */
  boolean isRaw() {
    return transcoder == null;
  }

  /** Whether the client was given any of it: until then there may be another answer. */
  boolean isBegun() {
    return exchange.isCommitted();
  }

  /**
   * Relays the next bytes; {@link #write} then writes what they say.
   *
   * @param in borrowed
   * @return {@code true} once the client has all of the answer; {@link #end} is not needed then
   * @throws Failure if they make no sense; what was good before them is still to be written
   */
  boolean add(ByteBuf in) throws Failure {
    if (transcoder == null) {
      addRaw(in);
      return false;
    }
    ByteBuf to = out;
    if (to == null) {
      int room = Math.max(in.readableBytes() + ROOM, Math.min(latest, MOST));
      to = ChunkContent.buffer(client.alloc(), room);
      out = to;
    }
    boolean complete = transcoder.transcode(in, to);
    if (complete) {
      write();
      answer.end();
    } else if (to.readableBytes() >= MOST) {
      write();
    }
    return complete;
  }

  /** Writes what has been added: what is read at once goes to the client as one. */
  void write() {
    ByteBuf written = out;
    if (written != null) {
      out = null;
      latest = written.readableBytes();
      answer.write(written);
    }
  }

  /**
   * The upstream's body is over: completes what the client gets.
   *
   * @param cleanly whether it ended as HTTP says it should
   * @throws Failure if it must not count as complete
   */
  void end(boolean cleanly) throws Failure {
    if (transcoder != null) {
      ByteBuf to = out == null ? ChunkContent.buffer(client.alloc(), ROOM) : out;
      out = to;
      try {
        transcoder.end(cleanly, to);
      } finally {
        write();
      }
    }
    if (lateError != null) {
      throw lateError.failure();
    }
    if (overflow != null) {
      String message = overflow.message();
      if (message != null) {
        throw new UpstreamException(ApiErrorType.INVALID_REQUEST, 400, message);
      }
      answer.write(overflow.take());
      overflow = null;
    }
    answer.end();
  }

  /** Nothing more is written: what was collected is given up. */
  void discard() {
    if (transcoder != null) {
      transcoder.close();
    }
    if (out != null) {
      out.release();
      out = null;
    }
    if (overflow != null) {
      overflow.discard();
      overflow = null;
    }
    answer.discard();
  }

  /** Whether the client wants to hear in Claude's words that its conversation is too long. */
  private static boolean mayBeOverflow(Exchange exchange, Target target, int status) {
    return !exchange.isCommitted()
        && exchange.snapshot().config().errors() == ErrorStyle.CLAUDE
        && !target.codec().speaksClaude()
        && (status == 400 || status == 413 || status == 422);
  }

  private void addRaw(ByteBuf in) {
    if (lateError != null) {
      lateError.add(in);
    } else if (overflow == null) {
      answer.write(in.retain());
    } else if (!overflow.add(in)) {
      answer.write(overflow.take());
      overflow = null;
    }
  }
}
