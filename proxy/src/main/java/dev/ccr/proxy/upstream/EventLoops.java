package dev.ccr.proxy.upstream;

import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SingleThreadIoEventLoop;
import java.util.concurrent.Executor;

/**
 * Event loops that close all their channels when they are shut down. Netty's own do not always
 * (4.2.18): a loop that is asked to stop without a quiet period while it runs tasks ends before it
 * turns to its channels, and their sockets stay open.
 */
public final class EventLoops extends MultiThreadIoEventLoopGroup {

  public EventLoops(Transport transport) {
    super(transport.ioHandlers());
  }

  @Override
  protected IoEventLoop newChild(Executor executor, IoHandlerFactory factory, Object... args) {
    return new Loop(this, executor, factory);
  }

  private static final class Loop extends SingleThreadIoEventLoop {

    private boolean asked;

    Loop(EventLoops parent, Executor executor, IoHandlerFactory factory) {
      super(parent, executor, factory);
    }

    /** The first time the loop has to go round once more: on its way it closes its channels. */
    @Override
    protected boolean confirmShutdown() {
      if (!asked && isShuttingDown()) {
        asked = true;
        execute(() -> {}); // so that it does not wait for input
        return false;
      }
      return super.confirmShutdown();
    }
  }
}
