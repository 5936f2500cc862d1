package dev.ccr.proxy.testing;

import io.netty.util.LeakPresenceDetector;

/**
 * Counts the buffers that are not released; Netty makes one for each kind of resource, named by a
 * system property in the POM. Unlike Netty's own count, this one can be looked at without being
 * reset, so that a check may wait for connections that are being closed.
 *
 * @param <T> the kind of resource
 */
public final class LeakDetector<T> extends LeakPresenceDetector<T> {

  private static volatile ResourceScope scope = new ResourceScope("all tests");

  /** Made by Netty, with an interval that does not matter: everything is counted. */
  public LeakDetector(Class<?> resourceType, int samplingInterval) {
    super(resourceType);
  }

  @Override
  protected ResourceScope currentScope() {
    return scope;
  }

  /** Whether a buffer is not released. */
  static boolean hasOpenResources() {
    return scope.hasOpenResources();
  }

  /**
   * Fails with what is not released, and forgets it, so that the next test is judged by itself.
   *
   * @throws IllegalStateException names the places if {@code -Dleak.stacks=true}
   */
  static void fail() {
    ResourceScope leaking = scope;
    scope = new ResourceScope("the tests after a leak");
    leaking.close();
  }
}
