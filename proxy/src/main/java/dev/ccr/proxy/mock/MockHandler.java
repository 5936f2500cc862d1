package dev.ccr.proxy.mock;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Collects the requests of one connection on the heap and plays the replies to them, one at a time.
 * A request that comes before the reply to the one before has ended closes the connection, as does
 * one that is not HTTP.
 */
final class MockHandler extends SimpleChannelInboundHandler<HttpObject> {
  /** The largest request body, in bytes; a larger one closes the connection. */
  static final int MAX_BODY = 256 * 1024 * 1024;

  private static final Bytes CONTINUE = Bytes.latin1("HTTP/1.1 100 Continue\r\n\r\n");
  private static final byte[] NOTHING = {};

  private final Script script;
  private final Traffic traffic;
  private int connection;
  private @Nullable HttpRequest head; // of the request that is coming in
  private byte[] body = NOTHING;
  private int length;
  private @Nullable Player player; // of the reply that is going out

  MockHandler(Script script, Traffic traffic) {
    this.script = script;
    this.traffic = traffic;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    connection = traffic.connected();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    if (player != null) {
      player.abandon();
      player = null;
    }
    traffic.disconnected(); // last: who waits for this finds all the rest done
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (player != null) {
      player.writabilityChanged();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    ctx.close(); // resets and failed handshakes are what a mock is there for
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, HttpObject msg) {
    if (msg.decoderResult().isFailure() || player != null) {
      ctx.close();
      return;
    }
    if (msg instanceof HttpRequest request) {
      begin(ctx, request);
    }
    if (head != null && msg instanceof HttpContent content) {
      if (content.content().readableBytes() > MAX_BODY - length) {
        ctx.close();
        return;
      }
      append(content.content());
      if (msg instanceof LastHttpContent) {
        answer(ctx, head);
      }
    }
  }

  private void begin(ChannelHandlerContext ctx, HttpRequest request) {
    head = request;
    body = new byte[Math.clamp(HttpUtil.getContentLength(request, 0L), 0, 1024 * 1024)];
    length = 0;
    if (HttpUtil.is100ContinueExpected(request)) {
      ByteBuf out = ctx.alloc().ioBuffer(CONTINUE.length());
      CONTINUE.writeTo(out);
      ctx.writeAndFlush(out); // takes out
    }
  }

  private void append(ByteBuf content) {
    int more = content.readableBytes();
    if (more > body.length - length) {
      body = Arrays.copyOf(body, Math.max(length + more, (int) Math.min(2L * length, MAX_BODY)));
    }
    content.readBytes(body, length, more);
    length += more;
  }

  private void answer(ChannelHandlerContext ctx, HttpRequest request) {
    ByteBuffer content = ByteBuffer.wrap(body, 0, length);
    head = null;
    body = NOTHING; // now the request's
    MockRequest whole =
        new MockRequest(request.method(), request.uri(), request.headers(), content, connection);
    traffic.received(whole);
    boolean keepAlive = HttpUtil.isKeepAlive(request);
    player = new Player(ctx, traffic, reply(whole), keepAlive, () -> player = null);
    player.run();
  }

  private Reply reply(MockRequest request) {
    try {
      return script.reply(request);
    } catch (RuntimeException | Error fault) {
      return Reply.status(500).header("content-type", "text/plain").chunk(fault.toString()).end();
    }
  }
}
