package dev.ccr.proxy.server;

import io.netty.channel.Channel;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * How a router takes leave of its clients, and who they are. It goes through its stages once; each
 * connection hears of a stage by a user event, the stage itself, on its own event loop. For any
 * thread.
 */
public final class Drain {

  /** How far it has come. */
  public enum Stage {
    /** Everybody is served. */
    OPEN,
    /** The same, but whoever asks hears that the router will end, and connections are not kept. */
    LEAVING,
    /** What is under way goes on; idle connections are closed, and new requests refused. */
    DRAINING,
    /** What is still under way ends with an error. */
    OVER
  }

  private final Set<Channel> clients = ConcurrentHashMap.newKeySet();
  private final CountDownLatch done = new CountDownLatch(1);
  private volatile Stage stage = Stage.OPEN;

  /** Where it is now. */
  public Stage stage() {
    return stage;
  }

  /** Connections of clients that there are now. */
  public int connections() {
    return clients.size();
  }

  /** A connection is there, until it closes; it hears of all later stages. */
  void add(Channel client) {
    clients.add(client);
    client.closeFuture().addListener(closed -> remove(client));
  }

  private void remove(Channel client) {
    clients.remove(client);
    checkDone();
  }

  /** Goes on to a stage; nothing happens if it has come that far already. */
  public void enter(Stage next) {
    synchronized (this) {
      if (stage.compareTo(next) >= 0) {
        return;
      }
      stage = next;
    }
    for (Channel client : clients) { // those that come from now on look at the stage themselves
      client
          .eventLoop()
          .execute(() -> client.pipeline().fireUserEventTriggered(next));
    }
    checkDone();
  }

  /** Waits until no connection is left, or as long as that. Draining must have begun. */
  public void await(Duration patience) throws InterruptedException {
    boolean _ = done.await(patience.toNanos(), TimeUnit.NANOSECONDS);
  }

  private void checkDone() {
    if (stage.compareTo(Stage.DRAINING) >= 0 && clients.isEmpty()) {
      done.countDown();
    }
  }
}
