package dev.ccr.proxy.server;

import dev.ccr.proxy.metrics.Metrics;
import dev.ccr.proxy.tokens.CounterLimits;
import dev.ccr.proxy.tokens.TokenCounter;
import dev.ccr.proxy.upstream.Transport;
import dev.ccr.proxy.upstream.UpstreamPool;
import dev.ccr.proxy.upstream.UpstreamTls;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.resolver.DefaultAddressResolverGroup;
import java.time.InstantSource;
import java.util.List;

/** The whole line of a client's connection without a socket: HTTP text in, HTTP text out. */
final class TestLine implements AutoCloseable {

  private final TokenCounter counter = new TokenCounter(CounterLimits.defaults());
  private final EmbeddedChannel channel;

  TestLine(Snapshot snapshot) {
    channel =
        new EmbeddedChannel(
            new ClientInitializer(
                new LiveConfig(snapshot, InstantSource.system()),
                client ->
                    new UpstreamPool(
                        client.eventLoop(),
                        Transport.NIO,
                        DefaultAddressResolverGroup.INSTANCE,
                        new UpstreamTls()),
                counter,
                new Metrics(),
                new AdmissionControl(),
                0,
                new Drain()));
    channel.freezeTime();
  }

  /** Sends text, each line ending with LF as CRLF, and gives what is answered at once. */
  String send(String http) {
    channel.writeInbound(Samples.bytes(http.replace("\n", "\r\n")));
    return answer();
  }

  /** What has been answered since it was last asked for. */
  String answer() {
    StringBuilder text = new StringBuilder();
    for (ByteBuf out; (out = channel.readOutbound()) != null; ) {
      text.append(Samples.take(out));
    }
    return text.toString();
  }

  /** What stands in the pipeline, from the socket on. */
  List<ChannelHandler> stages() {
    return List.copyOf(channel.pipeline().toMap().values());
  }

  boolean isOpen() {
    return channel.isOpen();
  }

  @Override
  public void close() {
    channel.finishAndReleaseAll();
    counter.close();
  }
}
