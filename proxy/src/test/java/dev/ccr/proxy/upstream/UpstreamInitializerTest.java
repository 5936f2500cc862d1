package dev.ccr.proxy.upstream;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ccr.proxy.config.Defaults;
import io.netty.channel.Channel;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.util.concurrent.ImmediateEventExecutor;
import io.netty.util.concurrent.Promise;
import java.io.IOException;
import java.nio.channels.NotYetConnectedException;
import org.junit.jupiter.api.Test;

final class UpstreamInitializerTest {

  @Test
  void aHangUpBeforeTheConnectionIsMadeFailsNothing() throws Exception {
    Promise<Channel> ready = ImmediateEventExecutor.INSTANCE.newPromise();
    EmbeddedChannel channel =
        new EmbeddedChannel(
            new UpstreamInitializer(
                new Origin(true, "upstream.example", 443),
                SslContextBuilder.forClient().build(),
                Defaults.LIMITS,
                ready));
    channel.pipeline().fireExceptionCaught(new NotYetConnectedException());
    assertFalse(ready.isDone(), "the connection is still to be made");
    assertTrue(channel.isOpen());
    channel.pipeline().fireExceptionCaught(new IOException("Connection reset by peer"));
    assertTrue(ready.isDone() && !ready.isSuccess(), "other failures count");
    channel.finishAndReleaseAll();
  }
}
