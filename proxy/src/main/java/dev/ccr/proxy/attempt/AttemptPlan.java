package dev.ccr.proxy.attempt;

import dev.ccr.proxy.config.RetrySettings;
import dev.ccr.proxy.config.Secret;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;

/**
 * What is tried for one request, in which order: the provider that was chosen, with another of its
 * keys or once more after a while, then those that stand in for it. It decides, and notes in the
 * providers' state how attempts go; it sends nothing. One a request; for one thread.
 */
public final class AttemptPlan {

  /** The next thing to do. */
  public enum Step {
    /** The first attempt. */
    FIRST,
    /** The same at once, on a new connection: the one before was stale. */
    SECOND,
    /** The same at once, with another key. */
    KEY,
    /** The same after {@link #delayNanos}. */
    RETRY,
    /** Another provider or model, at once. */
    FALLBACK,
    /** Nothing: what the last attempt gave is the answer. */
    NONE;

    /** The name in the figures. */
    public String label() {
      return switch (this) {
        case FIRST -> "first";
        case SECOND -> "stale";
        case KEY -> "key";
        case RETRY -> "retry";
        case FALLBACK -> "fallback";
        case NONE -> "none";
      };
    }
  }

  private final RetrySettings settings;
  private final List<ProviderHealth> chain;
  private final DoubleSupplier random;
  private int target;
  private int key;
  private boolean keyCooled;
  private long keysTried;
  private int tries;
  private boolean hadSecond;
  private long delayNanos;

  /** @param chain the state of whoever was chosen, and of those behind it; at least one */
  public AttemptPlan(RetrySettings settings, List<ProviderHealth> chain) {
    this(settings, chain, () -> ThreadLocalRandom.current().nextDouble());
  }

  AttemptPlan(RetrySettings settings, List<ProviderHealth> chain, DoubleSupplier random) {
    this.settings = settings;
    this.chain = chain;
    this.random = random;
  }

  /**
   * Chooses the first attempt. Providers that are known to be down are passed over, if there is one
   * behind them that is not.
   *
   * @return {@link Step#FIRST}; {@link Step#FALLBACK} if others were passed over; {@link Step#NONE}
   *     if the configuration says not to try one that is down, for {@link #delayNanos}
   */
  public Step begin(long nanoTime) {
    for (int i = 0; i < chain.size(); i++) {
      if (chain.get(i).admits(nanoTime)) {
        enter(i, nanoTime);
        return i == 0 ? Step.FIRST : Step.FALLBACK;
      }
    }
    ProviderHealth first = chain.getFirst();
    if (first.failsFast() && first.circuit(nanoTime) != CircuitBreaker.State.CLOSED) {
      delayNanos = first.retryInNanos(nanoTime);
      return Step.NONE;
    }
    enter(0, nanoTime);
    return Step.FIRST;
  }

  /** Which of the chain is tried. */
  public int target() {
    return target;
  }

  /** With which key. */
  public Secret secret() {
    return health().keys().get(key).secret();
  }

  /** How long to wait before a {@link Step#RETRY}, or until one that is down is tried again. */
  public long delayNanos() {
    return delayNanos;
  }

  /** Whether there may be another attempt; a stale connection's second try does not count. */
  public boolean hasMore() {
    return tries < settings.attempts()
        || target + 1 < chain.size()
        || Long.bitCount(keysTried) < health().keys().size();
  }

  /** Some of the answer has reached the client: it is this one. */
  public void succeeded() {
    health().succeeded(key, keyCooled);
  }

  /** Decides what follows a failure, which must not have reached the client. */
  public Step next(Fault fault, long nanoTime) {
    if (fault.kind() == Fault.Kind.STALE && !hadSecond) {
      hadSecond = true;
      return Step.SECOND;
    }
    ProviderHealth health = health();
    health.failed(key, fault, nanoTime);
    if (fault.concernsKey()) {
      int other = health.keys().other(nanoTime, keysTried);
      if (other != KeyPool.NONE) {
        use(other, nanoTime);
        return Step.KEY;
      }
    }
    if (tries < settings.attempts() && mayRetry(fault, nanoTime)) {
      tries++;
      return Step.RETRY;
    }
    return fault.mayFallBack() ? fallBack(nanoTime) : Step.NONE;
  }

  /** The wait before a {@link Step#RETRY} is over: chooses its key. */
  public void resume(long nanoTime) {
    keysTried = 0;
    use(health().keys().next(nanoTime), nanoTime);
  }

  /** The next of the chain that is not down, {@link Step#NONE} if there is none. */
  public Step fallBack(long nanoTime) {
    for (int i = target + 1; i < chain.size(); i++) {
      if (chain.get(i).admits(nanoTime)) {
        enter(i, nanoTime);
        return Step.FALLBACK;
      }
    }
    return Step.NONE;
  }

  private boolean mayRetry(Fault fault, long nanoTime) {
    if (!fault.isTransient(settings)
        || (target + 1 < chain.size() && health().isOpen(nanoTime))) {
      return false;
    }
    delayNanos =
        fault.retryAfterNanos() == RetryAfter.UNKNOWN
            ? Backoff.nanos(settings, tries, random.getAsDouble())
            : fault.retryAfterNanos();
    return delayNanos <= settings.maxDelay().toNanos() && health().budget().take(nanoTime);
  }

  private ProviderHealth health() {
    return chain.get(target);
  }

  private void enter(int index, long nanoTime) {
    target = index;
    tries = 1;
    keysTried = 0;
    use(health().keys().next(nanoTime), nanoTime);
    if (settings.attempts() > 1) {
      health().budget().request();
    }
  }

  private void use(int chosen, long nanoTime) {
    key = chosen;
    hadSecond = false;
    keysTried |= 1L << chosen;
    keyCooled = health().keys().get(chosen).coolingNanos(nanoTime) > 0;
  }
}
