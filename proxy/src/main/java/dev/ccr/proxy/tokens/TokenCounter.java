package dev.ccr.proxy.tokens;

import io.netty.buffer.ByteBuf;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Counts the input tokens of requests on threads of its own. Thread-safe.
 *
 * <p>A request is always answered, and once: with what was counted, or with an estimate if it is
 * too large, too many wait, its deadline passes, or the counter is closed. Who has counted for a
 * while makes room for those who wait, and goes on later; what it has counted is remembered. So
 * the deadline is overrun by what the others in the queue may take at once, and no more.
 *
 * <p>The vocabulary is loaded when the first request comes, which may get an estimate for it.
 */
public final class TokenCounter implements AutoCloseable {

  /** How long a request is counted while others wait. */
  private static final long SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  private final CounterLimits limits;
  private final LongSupplier nanos;
  private final Supplier<Tokenizer> loader;
  private final TokenCache cache;
  private final BlockingQueue<Runnable> waiting;
  private final ThreadPoolExecutor threads;
  private volatile boolean closed;
  private @Nullable CompletableFuture<Tokenizer> loading; // guarded by this

  public TokenCounter(CounterLimits limits) {
    this(limits, System::nanoTime, O200k::load);
  }

  TokenCounter(CounterLimits limits, LongSupplier nanos, Supplier<Tokenizer> loader) {
    this.limits = limits;
    this.nanos = nanos;
    this.loader = loader;
    cache = new TokenCache(limits.remembered());
    waiting = new ArrayBlockingQueue<>(limits.waiting());
    threads =
        new ThreadPoolExecutor(
            limits.threads(),
            limits.threads(),
            0,
            TimeUnit.SECONDS,
            waiting,
            Thread.ofPlatform().name("token-counter-", 0).daemon().factory());
  }

  /** Loads the vocabulary now, on another thread, so that the first request finds it. */
  public void warmUp() {
    vocabulary();
  }

  /**
   * Counts a request's input tokens.
   *
   * @param body borrowed until the callback is called: it must be neither released nor changed
   * @param measure what {@link InputMeter#measure} said of the body
   * @param executor calls the callback. If it refuses to, another thread calls it, so that the
   *     body can be released
   * @param callback called exactly once
   */
  public void count(
      ByteBuf body, Measure measure, Executor executor, Consumer<TokenCount> callback) {
    CountJob job =
        new CountJob(this, body, measure, answer -> deliver(answer, executor, callback));
    if (closed || measure.bytes() > limits.bytes()) {
      job.giveUp();
      return;
    }
    try {
      threads.execute(job);
    } catch (RejectedExecutionException e) { // too many wait, or closed meanwhile
      job.giveUp();
    }
  }

  /** Answers all that wait or are being counted with estimates, and all that come. */
  @Override
  public void close() {
    closed = true;
    threads.shutdownNow().forEach(job -> ((CountJob) job).giveUp());
  }

  TokenCache cache() {
    return cache;
  }

  long now() {
    return nanos.getAsLong();
  }

  long deadlineNanos() {
    return limits.deadline().toNanos();
  }

  boolean isClosed() {
    return closed;
  }

  /** Whether a request that has been counted this long should make room for another. */
  boolean shouldYield(long nanosCounted) {
    return nanosCounted >= SLICE_NANOS && !waiting.isEmpty();
  }

  /** Puts a job behind those that wait; whether there was room. */
  boolean yieldTo(CountJob job) {
    if (!waiting.offer(job)) {
      return false;
    }
    // If the counter was closed between, nobody would take the job from the queue.
    return !(closed && waiting.remove(job));
  }

  /** The tokenizer, or {@code null} if it cannot be had in time. */
  @Nullable Tokenizer tokenizer(long withinNanos) {
    try {
      return vocabulary().get(Math.max(0, withinNanos), TimeUnit.NANOSECONDS);
    } catch (TimeoutException | ExecutionException e) {
      return null;
    } catch (InterruptedException e) { // closed
      Thread.currentThread().interrupt();
      return null;
    }
  }

  private synchronized CompletableFuture<Tokenizer> vocabulary() {
    CompletableFuture<Tokenizer> future = loading;
    if (future == null) {
      future = new CompletableFuture<>();
      loading = future;
      Thread.ofPlatform().name("token-vocabulary").daemon().start(loadInto(future));
    }
    return future;
  }

  private Runnable loadInto(CompletableFuture<Tokenizer> future) {
    return () -> {
      try {
        future.complete(loader.get());
      } catch (Throwable t) {
        future.completeExceptionally(t); // estimates from now on
        throw t; // and the thread's handler tells why
      }
    };
  }

  private static void deliver(
      TokenCount answer, Executor executor, Consumer<TokenCount> callback) {
    try {
      executor.execute(() -> callback.accept(answer));
    } catch (RejectedExecutionException e) {
      callback.accept(answer);
    }
  }
}
