package dev.ccr.proxy.server;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * One exchange at a time on a connection: requests that a client sends ahead wait until the answer
 * before theirs is complete (RFC 9112, section 9.3.2). What is left of a request that was answered
 * early is read and dropped, so that the connection can go on; if that is too much, it is closed.
 */
final class PipeliningHandler extends ChannelDuplexHandler {

  /**
   * How much of an answered request is still read, in bytes: a client that writes does not
   * read, and would never see why it was refused.
   */
  private static final int MAX_DROPPED_BYTES = 64 << 20;

  private final RequestLog log;
  private final Queue<Object> waiting = new ArrayDeque<>();
  private boolean requestOpen;
  private boolean responseOpen;
  private boolean waitsForContinue;
  private boolean knowsChunks;

  /** The answer is the connection's last: it says so, and the keep-alive handler sees to it. */
  private boolean closing;

  /** The last answer is written: what the client has sent behind that request is no request. */
  private boolean over;

  private int droppedBytes;

  PipeliningHandler(RequestLog log) {
    this.log = log;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) {
    if (over) {
      dropBehindTheLast(ctx, msg);
      return;
    }
    if (!waiting.isEmpty() || (responseOpen && !requestOpen)) {
      waiting.add(msg);
      ctx.channel().config().setAutoRead(false); // what is read ahead is bounded by one read
      return;
    }
    pass(ctx, msg);
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
    if (msg instanceof HttpResponse response) {
      if (response.status().codeClass() == HttpStatusClass.INFORMATIONAL) {
        waitsForContinue = false;
        ctx.write(msg, promise);
        return;
      }
      log.status(response.status().code());
      // Whoever waits for 100 and gets an answer instead may never send the body it has announced.
      closing |= (requestOpen && waitsForContinue) || !(knowsChunks || hasLength(response));
      if (closing) {
        HttpUtil.setKeepAlive(response, false);
      }
    }
    if (msg instanceof HttpContent content) {
      log.sent(content.content().readableBytes());
    }
    boolean last = msg instanceof LastHttpContent;
    ctx.write(msg, promise);
    if (last && responseOpen) {
      responseOpen = false;
      log.end(ctx.executor().ticker().nanoTime());
      over = closing;
      if (over) {
        releaseWaiting();
      } else if (!waiting.isEmpty()) {
        ctx.executor().execute(() -> resume(ctx)); // after whoever is writing has finished
      }
    }
  }

  @Override
  public void flush(ChannelHandlerContext ctx) {
    ctx.flush();
    if (responseOpen && log.awaitsFirstEvent()) {
      log.flushed(ctx.executor().ticker().nanoTime());
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    if (responseOpen) {
      responseOpen = false;
      log.broken();
      log.end(ctx.executor().ticker().nanoTime());
    }
    releaseWaiting();
    ctx.fireChannelInactive();
  }

  private void releaseWaiting() {
    waiting.forEach(ReferenceCountUtil::release);
    waiting.clear();
  }

  /** Whether a client of HTTP/1.0 sees where an answer ends without the connection's end. */
  private static boolean hasLength(HttpResponse response) {
    return HttpUtil.isContentLengthSet(response)
        || response.status().equals(HttpResponseStatus.NO_CONTENT);
  }

  private void pass(ChannelHandlerContext ctx, Object msg) {
    if (msg instanceof HttpRequest request) {
      requestOpen = true;
      responseOpen = true;
      droppedBytes = 0;
      waitsForContinue = HttpUtil.is100ContinueExpected(request);
      knowsChunks = request.protocolVersion().isKeepAliveDefault();
      closing |= !HttpUtil.isKeepAlive(request); // RFC 9112, section 9.6
      log.begin(request, ctx.executor().ticker().nanoTime());
    }
    if (msg instanceof HttpObject part && part.decoderResult().isFailure()) {
      closing = true; // the codec reads nothing more
    }
    if (msg instanceof LastHttpContent) {
      requestOpen = false;
    }
    if (msg instanceof HttpContent content) {
      log.received(content.content().readableBytes());
    }
    if (msg instanceof HttpContent content && !responseOpen) {
      drop(ctx, content);
    } else {
      ctx.fireChannelRead(msg);
    }
  }

  /** HTTP/1.1 ends with the last answer; a stream of HTTP/2 is read on until it is closed. */
  private void dropBehindTheLast(ChannelHandlerContext ctx, Object msg) {
    if (msg instanceof HttpContent content) {
      droppedBytes += content.content().readableBytes();
    }
    ReferenceCountUtil.release(msg);
    if (droppedBytes > MAX_DROPPED_BYTES) {
      ctx.close();
    }
  }

  private void drop(ChannelHandlerContext ctx, HttpContent content) {
    droppedBytes += content.content().readableBytes();
    content.release();
    if (droppedBytes > MAX_DROPPED_BYTES || closing) {
      ctx.close();
    }
  }

  private void resume(ChannelHandlerContext ctx) {
    while (!waiting.isEmpty() && !(responseOpen && !requestOpen)) {
      pass(ctx, waiting.remove());
    }
    ctx.fireChannelReadComplete();
    if (waiting.isEmpty()) {
      ctx.channel().config().setAutoRead(true);
    }
  }
}
