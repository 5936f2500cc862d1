package dev.ccr.proxy.server;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpResponse;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An attempt that no other follows: what fails is the client's.
 *
 * @param overs counts how often it was told to be over
 */
record OnlyAttempt(Channel client, AtomicInteger overs) implements AttemptListener {

  OnlyAttempt(Channel client) {
    this(client, new AtomicInteger());
  }

  @Override
  public boolean refused(HttpResponse head) {
    return false;
  }

  @Override
  public void failed(Throwable cause, boolean stale) {
    client.pipeline().fireExceptionCaught(cause);
  }

  @Override
  public void committed() {}

  @Override
  public void over() {
    overs.incrementAndGet();
  }
}
