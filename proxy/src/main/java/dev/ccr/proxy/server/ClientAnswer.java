package dev.ccr.proxy.server;

import dev.ccr.proxy.admission.Permit;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a client as it is written. Its head waits for the first bytes of the body, since
 * until then a failure can still become an honest status. Nothing is flushed here.
 */
final class ClientAnswer {

  private final Channel client;
  private final Exchange exchange;

  /** Until it is written. */
  private @Nullable HttpResponse head;

  /** Whether the body is sent in one, with its length, when it is complete. */
  private final boolean collects;

  private final @Nullable Permit permit;
  private @Nullable ByteBuf collected;

  private ClientAnswer(
      Channel client,
      Exchange exchange,
      HttpResponse head,
      boolean collects,
      @Nullable Permit permit) {
    this.client = client;
    this.exchange = exchange;
    this.permit = permit;
    this.head = head;
    this.collects = collects;
  }

  /** An event stream of ours. */
  static ClientAnswer events(Channel client, Exchange exchange) {
    HttpResponse head = head(HttpResponseStatus.OK);
    Headers.translated(true, head.headers());
    return flowing(client, exchange, head);
  }

  /** Begins an event stream of ours before there is anything in it; whoever answers goes on. */
  static void early(Channel client, Exchange exchange) {
    events(client, exchange).sendHead();
  }

  /** A whole message of ours. */
  static ClientAnswer message(Channel client, Exchange exchange) {
    HttpResponse head = head(HttpResponseStatus.OK);
    Headers.translated(false, head.headers());
    Headers.describe(exchange.log(), head.headers());
    return new ClientAnswer(client, exchange, head, true, exchange.log().permit());
  }

  /** An answer of the upstream's, with its status and headers. */
  static ClientAnswer passing(Channel client, Exchange exchange, HttpResponse upstream) {
    HttpResponse head = head(upstream.status());
    Headers.passOn(upstream.headers(), head.headers());
    if (Headers.isEventStream(head.headers().get(HttpHeaderNames.CONTENT_TYPE, ""))) {
      head.headers().remove(HttpHeaderNames.CONTENT_LENGTH); // it may yet end with an error event
    }
    return flowing(client, exchange, head);
  }

  /** Writes the next bytes of the body. May have none; best from {@link ChunkContent#buffer}. */
  void write(ByteBuf bytes) { // taken
    if (!bytes.isReadable()) {
      bytes.release();
    } else if (!collects) {
      sendHead();
      exchange.writePart(client, new ChunkContent(bytes));
    } else if (collected == null) {
      collected = bytes;
      count(bytes.readableBytes());
    } else {
      collected.writeBytes(bytes);
      bytes.release();
      count(collected.readableBytes());
    }
  }

  /** The body is complete. */
  void end() {
    HttpResponse whole = head;
    if (!collects || whole == null) {
      sendHead();
      client.write(LastHttpContent.EMPTY_LAST_CONTENT, client.voidPromise());
      return;
    }
    head = null;
    ByteBuf body = collected == null ? client.alloc().buffer(0) : collected;
    collected = null;
    count(0);
    whole.headers().setInt(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes());
    exchange.commit();
    client.write(
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            whole.status(),
            body,
            whole.headers(),
            EmptyHttpHeaders.INSTANCE),
        client.voidPromise());
  }

  /** Nothing more is written: what was collected is given up. */
  void discard() {
    if (collected != null) {
      collected.release();
      collected = null;
      count(0);
    }
  }

  private void count(long bytes) {
    if (permit != null) {
      permit.collected(bytes);
    }
  }

  private void sendHead() {
    HttpResponse unsent = head;
    head = null; // a stream may take minutes
    if (unsent != null && !exchange.isCommitted()) {
      exchange.commit();
      client.write(unsent, client.voidPromise());
    }
  }

  private static HttpResponse head(HttpResponseStatus status) {
    return new DefaultHttpResponse(HttpVersion.HTTP_1_1, status);
  }

  private static ClientAnswer flowing(Channel client, Exchange exchange, HttpResponse head) {
    Headers.describe(exchange.log(), head.headers());
    if (!head.headers().contains(HttpHeaderNames.CONTENT_LENGTH) && exchange.takesChunks()) {
      HttpUtil.setTransferEncodingChunked(head, true);
    }
    return new ClientAnswer(client, exchange, head, false, null);
  }
}
