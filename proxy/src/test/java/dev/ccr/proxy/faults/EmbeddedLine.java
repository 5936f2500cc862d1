package dev.ccr.proxy.faults;

import dev.ccr.proxy.config.Config;
import dev.ccr.proxy.config.ConfigException;
import dev.ccr.proxy.config.ConfigReader;
import dev.ccr.proxy.metrics.Metrics;
import dev.ccr.proxy.server.AdmissionControl;
import dev.ccr.proxy.server.ClientInitializer;
import dev.ccr.proxy.server.Drain;
import dev.ccr.proxy.server.LiveConfig;
import dev.ccr.proxy.server.Snapshot;
import dev.ccr.proxy.tokens.CounterLimits;
import dev.ccr.proxy.tokens.TokenCounter;
import dev.ccr.proxy.upstream.EmbeddedUpstream;
import dev.ccr.proxy.upstream.Origin;
import dev.ccr.proxy.upstream.Transport;
import dev.ccr.proxy.upstream.UpstreamPool;
import dev.ccr.proxy.upstream.UpstreamTls;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.resolver.DefaultAddressResolverGroup;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Map;

/**
 * A client's connection and an upstream's with all their handlers, and no sockets: bytes in, bytes
 * out, at once. The client's lives on from answer to answer, the upstream's is a new one each time.
 */
public final class EmbeddedLine implements AutoCloseable {

  private static final Origin ORIGIN = new Origin(false, "upstream.example", 80);

  private final TokenCounter counter = new TokenCounter(CounterLimits.defaults());
  private final Config config;
  private final EmbeddedChannel client;
  private final UpstreamPool pool;
  private EmbeddedChannel upstream;

  public EmbeddedLine() {
    config = config();
    EmbeddedChannel channel = new EmbeddedChannel();
    pool =
        new UpstreamPool(
            channel.eventLoop(),
            Transport.NIO,
            DefaultAddressResolverGroup.INSTANCE,
            new UpstreamTls());
    channel
        .pipeline()
        .addLast(
            new ClientInitializer(
                new LiveConfig(Snapshot.of(config), InstantSource.system()),
                c -> pool,
                counter,
                new Metrics(),
                new AdmissionControl(),
                0,
                new Drain()));
    client = channel;
    upstream = EmbeddedUpstream.idle(pool, ORIGIN, config.limits());
  }

  /** How an upstream's connection ends. */
  enum End {
    /** The body ends as HTTP says it should. */
    CLEAN,
    FIN,
    RST
  }

  /**
   * Sends a request, and answers it with a part of a body of chunks.
   *
   * @param length of the bytes that come, those from 0
   * @return what the client gets
   */
  Answer exchange(String request, byte[] body, int length, End end) {
    if (!upstream.isActive()) { // else it is the pool's again
      upstream = EmbeddedUpstream.idle(pool, ORIGIN, config.limits());
    }
    client.writeInbound(bytes(request(request)));
    if (upstream.outboundMessages().isEmpty()) {
      throw new IllegalStateException("no request reached the upstream: " + received());
    }
    upstream.releaseOutbound();
    // What is announced does not come if the end is not clean: the cut is inside a chunk.
    int announced = end == End.CLEAN ? length : body.length + 1;
    ByteBuf answer = ByteBufAllocator.DEFAULT.buffer(length + 256);
    answer.writeCharSequence(
        "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n",
        StandardCharsets.US_ASCII);
    if (announced > 0) {
      answer.writeCharSequence(
          Integer.toHexString(announced) + "\r\n", StandardCharsets.US_ASCII);
      answer.writeBytes(body, 0, length);
    }
    if (end == End.CLEAN) {
      answer.writeCharSequence(
          (announced > 0 ? "\r\n" : "") + "0\r\n\r\n", StandardCharsets.US_ASCII);
    }
    upstream.writeInbound(answer);
    if (end == End.RST) {
      upstream.pipeline().fireExceptionCaught(new IOException("Connection reset by peer"));
    }
    if (end != End.CLEAN) {
      upstream.close();
    }
    return received();
  }

  /**
   * The same with bytes that are at hand, and nothing made of them: for who measures.
   *
   * @param request of HTTP, whole; taken
   * @param reads what comes of the upstream's answer, read by read; taken
   * @return how many bytes the client gets
   */
  public int relay(ByteBuf request, ByteBuf... reads) {
    client.writeInbound(request);
    if (!upstream.releaseOutbound()) {
      throw new IllegalStateException("no request reached the upstream: " + received());
    }
    for (ByteBuf read : reads) {
      upstream.writeInbound(read);
    }
    int bytes = 0;
    for (ByteBuf out; (out = client.readOutbound()) != null; ) {
      bytes += out.readableBytes();
      out.release();
    }
    return bytes;
  }

  private Answer received() {
    ByteBuf all = ByteBufAllocator.DEFAULT.buffer(4_096);
    try {
      for (ByteBuf out; (out = client.readOutbound()) != null; ) {
        all.writeBytes(out);
        out.release();
      }
      return Answer.of(ByteBufUtil.getBytes(all));
    } finally {
      all.release();
    }
  }

  @Override
  public void close() {
    client.finishAndReleaseAll();
    upstream.finishAndReleaseAll();
    counter.close();
  }

  private static ByteBuf bytes(byte[] bytes) {
    return ByteBufAllocator.DEFAULT.buffer(bytes.length).writeBytes(bytes);
  }

  private static byte[] request(String body) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    return ("POST /v1/messages HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n"
            + "content-length: " + bytes.length + "\r\n\r\n" + body)
        .getBytes(StandardCharsets.UTF_8);
  }

  private static Config config() {
    try {
      return ConfigReader.parse(
          "test.json",
          "{\"Router\": {\"default\": \"openai,m\"}, \"Providers\": ["
              + RecordedStream.providers("http://" + ORIGIN.host()) + "]}",
          Map.of());
    } catch (ConfigException e) {
      throw new IllegalStateException(e);
    }
  }
}
