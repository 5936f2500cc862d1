package dev.ccr.proxy.tokens;

import dev.ccr.proxy.json.JsonSyntaxException;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Counts one request, and answers it exactly once. At any time one thread has it: the one that
 * runs it, or the one that took it from the queue.
 */
final class CountJob implements Runnable {

  private final TokenCounter counter;
  private final Measure measure;
  private final Consumer<TokenCount> answer;
  private final ByteBuffer body;
  private final int from;
  private final int to;
  private final long deadline;
  private @Nullable TextCounter texts;
  private long countingSince;
  private boolean counting;
  private boolean answered;

  CountJob(TokenCounter counter, ByteBuf body, Measure measure, Consumer<TokenCount> answer) {
    this.counter = counter;
    this.measure = measure;
    this.answer = answer;
    this.body = body.nioBuffer(0, body.writerIndex());
    from = body.readerIndex();
    to = body.writerIndex();
    deadline = counter.now() + counter.deadlineNanos();
  }

  @Override
  public void run() {
    boolean done = false;
    try {
      done = count();
    } finally { // a bug must not leave the body behind
      if (!done && !answered) {
        giveUp();
      }
    }
  }

  /** Answers with an estimate of what has not been counted. */
  void giveUp() {
    TextCounter counted = texts;
    long tokens = counted == null ? 0 : counted.tokens();
    long bytes = counted == null ? 0 : counted.bytes();
    answer(measure.fixed() + tokens + Measure.estimate(measure.bytes() - bytes), false);
  }

  private void answer(long tokens, boolean exact) {
    answered = true;
    answer.accept(new TokenCount(tokens, exact));
  }

  /** Whether the job has been answered, or waits for another turn. */
  private boolean count() {
    Tokenizer tokenizer = isLate() ? null : counter.tokenizer(deadline - counter.now());
    if (tokenizer == null) {
      return false;
    }
    TextCounter counts = texts;
    if (counts == null) {
      counts = new TextCounter(body, counter.cache());
      texts = counts;
    }
    while (true) {
      counting = false;
      counts.start(tokenizer, this::shouldStop);
      try {
        new InputWalk().walk(body, from, to, measure.thinkingFrom(), counts);
        answer(measure.fixed() + counts.tokens(), true);
        return true;
      } catch (TextCounter.Stopped e) {
        if (isLate()) {
          return false;
        }
        if (counter.yieldTo(this)) {
          return true;
        }
      } catch (JsonSyntaxException e) {
        throw new IllegalStateException("the body has changed since it was measured", e);
      }
    }
  }

  /** A turn begins with the first text that has to be counted, so that each gets on. */
  private boolean shouldStop() {
    if (!counting) {
      counting = true;
      countingSince = counter.now();
    } else if (counter.shouldYield(counter.now() - countingSince)) {
      return true;
    }
    return isLate();
  }

  private boolean isLate() {
    return counter.isClosed() || counter.now() - deadline >= 0;
  }
}
