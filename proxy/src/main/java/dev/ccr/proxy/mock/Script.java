package dev.ccr.proxy.mock;

/** Decides what a {@link MockUpstream} answers. */
@FunctionalInterface
public interface Script {

  /**
   * Called once for every whole request, on the connection's event loop: it must not block, and
   * with several loops it may run on several threads at once. A reply made beforehand may be
   * returned any number of times. What it throws becomes a 500 that carries the exception's text.
   */
  Reply reply(MockRequest request);
}
