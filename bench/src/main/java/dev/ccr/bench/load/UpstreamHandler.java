package dev.ccr.bench.load;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A connection of the upstream: reads one request after the other, and writes what its path asks
 * for. Requests need a length, and none is sent ahead. What it does not expect closes it.
 */
final class UpstreamHandler extends ChannelInboundHandlerAdapter
    implements Pacer.Stream, Runnable {

  private static final int HEAD_LIMIT = 16_384;
  private static final String LENGTH = "\r\ncontent-length: ";

  private final Map<String, Reply> replies;
  private final Map<Answer, Pacer> pacers;
  private final byte[] head = new byte[HEAD_LIMIT];
  private int headLength;
  private long bodyLeft;
  private @Nullable ChannelHandlerContext ctx;
  private @Nullable Reply reply;
  private int next;
  private boolean isDue;

  /**
   * For one connection.
   *
   * @param replies by the first part of the path
   * @param pacers for the answers that have a rate
   */
  UpstreamHandler(Map<String, Reply> replies, Map<Answer, Pacer> pacers) {
    this.replies = replies;
    this.pacers = pacers;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    ctx = context;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object msg) {
    ByteBuf in = (ByteBuf) msg;
    try {
      while (in.isReadable()) {
        if (bodyLeft > 0) {
          int count = (int) Math.min(bodyLeft, in.readableBytes());
          in.skipBytes(count);
          bodyLeft -= count;
        } else if (!readHead(in)) {
          context.close();
          return;
        }
        if (bodyLeft == 0 && headLength == 0) {
          begin();
        }
      }
    } finally {
      in.release();
    }
  }

  /** Whether the bytes are such as are expected. */
  private boolean readHead(ByteBuf in) {
    if (reply != null && headLength == 0) {
      return false; // a request ahead
    }
    while (in.isReadable()) {
      if (headLength == HEAD_LIMIT) {
        return false;
      }
      byte read = in.readByte();
      head[headLength++] = read;
      if (read == '\n' && headLength >= 4 && head[headLength - 3] == '\n') {
        String text = new String(head, 0, headLength, ISO_8859_1);
        headLength = 0;
        return choose(text);
      }
    }
    return true;
  }

  private boolean choose(String text) {
    int slash = text.indexOf('/');
    int end = text.indexOf('/', slash + 1);
    int length = text.toLowerCase(Locale.ROOT).indexOf(LENGTH);
    if (slash < 0 || end < 0 || length < 0) {
      return false;
    }
    reply = replies.get(text.substring(slash + 1, end));
    int from = length + LENGTH.length();
    bodyLeft = Long.parseLong(text.substring(from, text.indexOf('\r', from)));
    return reply != null;
  }

  private void begin() {
    Reply chosen = reply;
    if (chosen == null) {
      return;
    }
    next = 0;
    Pacer pacer = pacers.get(chosen.answer);
    if (pacer != null) {
      pacer.add(this);
    } else {
      run();
    }
  }

  /** The next piece; the one behind it has to wait for the other streams' turn. */
  @Override
  public void run() {
    isDue = false;
    ChannelHandlerContext context = ctx;
    if (context != null && context.channel().isWritable() && turn()) {
      goOn(context);
    }
  }

  private void goOn(ChannelHandlerContext context) {
    if (!isDue) {
      isDue = true;
      context.executor().execute(this);
    }
  }

  @Override
  public boolean turn() {
    ChannelHandlerContext context = ctx;
    Reply now = reply;
    if (context == null || now == null || !context.channel().isActive()) {
      return false;
    }
    ByteBuf piece = now.piece(next++, context.alloc());
    boolean more = next < now.pieces();
    if (!more) {
      reply = null;
    }
    context.writeAndFlush(piece, context.voidPromise());
    if (!more && !now.whole) {
      context.close();
    }
    return more;
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    Reply now = reply;
    if (context.channel().isWritable() && now != null && now.answer.rate == 0) {
      goOn(context);
    }
    context.fireChannelWritabilityChanged();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    context.close(); // the other end tells of it
  }
}
