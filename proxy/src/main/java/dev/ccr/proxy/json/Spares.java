package dev.ccr.proxy.json;

import java.util.ArrayDeque;
import java.util.function.Supplier;

/**
 * Objects that cost more to make than to keep, and serve one user after another: each thread has a
 * few of its own at hand. Whoever has taken one may keep it, or let it go. For any thread.
 */
public final class Spares<T> {

  /** How many a thread keeps: most streams need one for the length of a read only. */
  private static final int MOST = 2;

  private final Supplier<T> maker;
  private final ThreadLocal<ArrayDeque<T>> ofThisThread =
      ThreadLocal.withInitial(() -> new ArrayDeque<>(MOST));

  /** @param maker makes another when none is left */
  public Spares(Supplier<T> maker) {
    this.maker = maker;
  }

  /** One that nobody else uses, in the state in which it was given back. */
  public T take() {
    T spare = ofThisThread.get().pollLast();
    return spare == null ? maker.get() : spare;
  }

  /**
   * Gives one back, on whichever thread.
   *
   * @return {@code false} if there are enough
   */
  public boolean give(T spare) {
    ArrayDeque<T> spares = ofThisThread.get();
    if (spares.size() == MOST) {
      return false;
    }
    spares.addLast(spare);
    return true;
  }
}
