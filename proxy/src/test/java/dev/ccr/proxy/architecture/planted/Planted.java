package dev.ccr.proxy.architecture.planted;

import io.netty.buffer.ByteBuf;

/** Breaks the ownership law on purpose: shows that the law can fail. */
public final class Planted {

  private Planted() {}

  /** Releases what it only borrows. */
  public static void release(ByteBuf borrowed) {
    borrowed.release();
  }
}
