package dev.ccr.proxy.testing;

import dev.ccr.proxy.upstream.Origin;
import dev.ccr.proxy.upstream.UpstreamTls;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Frame;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2FrameStream;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2StreamFrame;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLException;

/**
 * An upstream that speaks HTTP/2 over TLS frame by frame, as the test says. Its methods are for the
 * test's thread; every wait has a limit.
 */
public final class Http2Peer implements AutoCloseable {

  private static final int PATIENCE_SECONDS = 20;
  private static final X509Bundle CERTIFICATE = certificate();

  private final MultiThreadIoEventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final ChannelGroup channels =
      new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
  private final BlockingQueue<Request> requests = new LinkedBlockingQueue<>();
  private final BlockingQueue<Long> resets = new LinkedBlockingQueue<>();
  private final AtomicInteger accepted = new AtomicInteger();
  private final int port;

  /** A request whose head has come. */
  public record Request(ChannelHandlerContext ctx, Http2FrameStream stream, Http2Headers headers) {

    /** Sends the head of an answer. */
    public Request head(String status, boolean last) {
      write(new DefaultHttp2HeadersFrame(new DefaultHttp2Headers().status(status), last));
      return this;
    }

    public Request headers(Http2Headers answer, boolean last) {
      write(new DefaultHttp2HeadersFrame(answer, last));
      return this;
    }

    public Request data(String text, boolean last) {
      return data(text.getBytes(StandardCharsets.UTF_8), last);
    }

    public Request data(byte[] bytes, boolean last) {
      write(new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(bytes), last));
      return this;
    }

    public Request reset(Http2Error error) {
      write(new DefaultHttp2ResetFrame(error));
      return this;
    }

    /** A whole answer. */
    public Request answer(String text) {
      return head("200", false).data(text, true);
    }

    /** Says that streams above this one were not looked at. */
    public Request goAway() {
      return goAway(stream.id());
    }

    public Request goAway(int lastStreamId) {
      ctx.executor()
          .execute(
              () -> {
                Http2FrameCodec codec = ctx.pipeline().get(Http2FrameCodec.class);
                ChannelHandlerContext at = ctx.pipeline().context(codec);
                codec
                    .encoder()
                    .frameWriter()
                    .writeGoAway(at, lastStreamId, 0, Unpooled.EMPTY_BUFFER, at.newPromise());
                at.flush();
              });
      return this;
    }

    /** How many bytes of data the client would take now. */
    public int window() throws Exception {
      return ctx.executor()
          .submit(
              () -> {
                Http2Connection connection =
                    ctx.pipeline().get(Http2FrameCodec.class).connection();
                return connection
                    .remote()
                    .flowController()
                    .windowSize(connection.stream(stream.id()));
              })
          .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** Breaks the connection without a word. */
    public void hangUp() {
      ctx.channel().close();
    }

    private void write(Http2Frame frame) {
      if (frame instanceof Http2StreamFrame ofStream) {
        ofStream.stream(stream);
      }
      ctx.writeAndFlush(frame);
    }
  }

  private Http2Peer(Http2Settings settings, String... protocols) throws Exception {
    SslContext tls = tls(protocols);
    Channel listener =
        new ServerBootstrap()
            .group(loops)
            .channel(NioServerSocketChannel.class)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    accepted.incrementAndGet();
                    channels.add(channel);
                    channel
                        .pipeline()
                        .addLast(
                            tls.newHandler(channel.alloc()),
                            Http2FrameCodecBuilder.forServer().initialSettings(settings).build(),
                            new Frames());
                  }
                })
            .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .sync()
            .channel();
    channels.add(listener);
    port = ((InetSocketAddress) listener.localAddress()).getPort();
  }

  public static Http2Peer start(Http2Settings settings) throws Exception {
    return new Http2Peer(settings, "h2", "http/1.1");
  }

  /** For a server with the certificate of all these; without protocols it does not negotiate. */
  public static SslContext tls(String... protocols) throws SSLException {
    SslContextBuilder builder =
        SslContextBuilder.forServer(
                CERTIFICATE.getKeyPair().getPrivate(), CERTIFICATE.getCertificatePath())
            .sslProvider(SslProvider.JDK);
    if (protocols.length > 0) {
      builder.applicationProtocolConfig(
          new ApplicationProtocolConfig(
              ApplicationProtocolConfig.Protocol.ALPN,
              ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
              ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
              protocols));
    }
    return builder.build();
  }

  /** How a client is to trust it. */
  public static UpstreamTls trust() {
    return new UpstreamTls(
        SslContextBuilder.forClient().trustManager(CERTIFICATE.getCertificate()));
  }

  private static X509Bundle certificate() {
    try {
      return new CertificateBuilder()
          .ecp256()
          .subject("CN=test peer")
          .addSanDnsName("localhost")
          .setIsCertificateAuthority(true)
          .buildSelfSigned();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  public Origin origin() {
    return new Origin(true, "localhost", port);
  }

  public int acceptedConnections() {
    return accepted.get();
  }

  /** The next request, in the order in which they came. */
  public Request next() throws Exception {
    return got(requests);
  }

  /** The code of the next RST_STREAM. */
  public long nextReset() throws Exception {
    return got(resets);
  }

  private static <T> T got(BlockingQueue<T> queue) throws Exception {
    T next = queue.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    if (next == null) {
      throw new TimeoutException("nothing came");
    }
    return next;
  }

  @Override
  public void close() {
    channels.close().awaitUninterruptibly();
    loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  private final class Frames extends ChannelInboundHandlerAdapter {

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
      try {
        switch (msg) {
          case Http2HeadersFrame head ->
              requests.add(new Request(ctx, head.stream(), head.headers()));
          case Http2ResetFrame reset -> resets.add(reset.errorCode());
          case Http2DataFrame data -> {}
          default -> {}
        }
      } finally {
        ReferenceCountUtil.release(msg);
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      ctx.close();
    }
  }
}
