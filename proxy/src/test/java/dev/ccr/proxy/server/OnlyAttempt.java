package dev.ccr.proxy.server;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpResponse;

/** An attempt that no other follows: what fails is the client's. */
record OnlyAttempt(Channel client) implements AttemptListener {

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
  public void over() {}
}
