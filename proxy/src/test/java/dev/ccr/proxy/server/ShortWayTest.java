package dev.ccr.proxy.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ccr.proxy.metrics.Metrics;
import dev.ccr.proxy.tokens.CounterLimits;
import dev.ccr.proxy.tokens.TokenCounter;
import dev.ccr.proxy.upstream.Transport;
import dev.ccr.proxy.upstream.UpstreamPool;
import dev.ccr.proxy.upstream.UpstreamTls;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOutboundHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.resolver.DefaultAddressResolverGroup;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The way of the parts of a stream passes by stages: none of them may have to see a part. */
final class ShortWayTest {

  @Test
  void noStageThatIsPassedByWouldHaveDoneAnything() {
    try (TokenCounter counter = new TokenCounter(CounterLimits.defaults())) {
      List<ChannelHandler> line = line(counter);
      int from = indexOf(DrainHandler.class, line);
      int to = indexOf(HeartbeatHandler.class, line);
      assertTrue(from < to);
      assertEquals(
          List.of(),
          line.subList(from + 1, to).stream()
              .filter(ChannelOutboundHandler.class::isInstance)
              .toList());
      assertTrue(indexOf(ClientTimeoutHandler.class, line) < from, "counts what is written");
      assertTrue(indexOf(PipeliningHandler.class, line) < from, "counts what is sent");
      assertTrue(indexOf(AnswerBytesHandler.class, line) < from, "counts what is queued");
    }
  }

  private static List<ChannelHandler> line(TokenCounter counter) {
    EmbeddedChannel client = new EmbeddedChannel();
    UpstreamPool pool =
        new UpstreamPool(
            client.eventLoop(),
            Transport.NIO,
            DefaultAddressResolverGroup.INSTANCE,
            new UpstreamTls());
    client
        .pipeline()
        .addLast(
            new ClientInitializer(
                new LiveConfig(Samples.SNAPSHOT, InstantSource.system()),
                channel -> pool,
                counter,
                new Metrics(),
                new AdmissionControl(),
                0,
                new Drain()));
    List<ChannelHandler> line = new ArrayList<>(client.pipeline().toMap().values());
    client.finishAndReleaseAll();
    return line;
  }

  private static int indexOf(Class<?> type, List<ChannelHandler> line) {
    for (int i = 0; i < line.size(); i++) {
      if (type.isInstance(line.get(i))) {
        return i;
      }
    }
    throw new AssertionError("no " + type.getSimpleName());
  }
}
