package dev.ccr.proxy.tokens;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class TokenCounterTest {

  private static final long PATIENCE_SECONDS = 20;
  private static final CounterLimits ONE_THREAD =
      new CounterLimits(1, 4, Duration.ofMinutes(1), 1 << 20, 1000);

  private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 1000); // it may overflow
  private final AtomicInteger loads = new AtomicInteger();
  private final List<String> counted = Collections.synchronizedList(new ArrayList<>());
  private final List<TokenCounter> opened = new ArrayList<>();

  @AfterEach
  void close() {
    opened.forEach(TokenCounter::close);
  }

  /** Answers that arrive in one place, in their order. */
  private static final class Inbox {

    private final List<String> order = Collections.synchronizedList(new ArrayList<>());

    CompletableFuture<TokenCount> ask(TokenCounter counter, String name, String json) {
      return ask(counter, name, json, Runnable::run);
    }

    CompletableFuture<TokenCount> ask(
        TokenCounter counter, String name, String json, Executor executor) {
      CompletableFuture<TokenCount> answer = new CompletableFuture<>();
      ByteBuf body = Requests.body(json);
      counter.count(
          body,
          Requests.measure(body),
          executor,
          count -> {
            order.add(name);
            answer.complete(count);
          });
      return answer;
    }
  }

  private final Inbox inbox = new Inbox();

  private TokenCounter open(CounterLimits limits, Tokenizer tokenizer) {
    return open(limits, clock::get, tokenizer);
  }

  private TokenCounter open(CounterLimits limits, LongSupplier nanos, Tokenizer tokenizer) {
    TokenCounter counter =
        new TokenCounter(
            limits,
            nanos,
            () -> {
              loads.incrementAndGet();
              return tokenizer;
            });
    opened.add(counter);
    return counter;
  }

  private static <T> T await(CompletableFuture<T> future) throws Exception {
    return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  private static void await(CountDownLatch latch) {
    try {
      assertTrue(latch.await(PATIENCE_SECONDS, TimeUnit.SECONDS));
    } catch (InterruptedException e) { // the counter was closed
      Thread.currentThread().interrupt();
    }
  }

  /** A token for each character. */
  private int characters(String text) {
    counted.add(text);
    return text.length();
  }

  private static String text(int number) {
    return "text number %07d, of forty characters".formatted(number);
  }

  private static String conversation(int from, int to) {
    return Requests.conversation(
        IntStream.range(from, to).mapToObj(TokenCounterTest::text).toList());
  }

  private static final int TEXT = text(0).length();

  @Test
  void aRequestIsCountedByTheRealVocabularyOnTheCallersExecutor() throws Exception {
    TokenCounter counter = new TokenCounter(CounterLimits.defaults());
    opened.add(counter);
    counter.warmUp();
    O200k.load(); // so that the deadline cannot pass
    String fox = "The quick brown fox jumps over the lazy dog. ".repeat(100);
    CompletableFuture<Thread> thread = new CompletableFuture<>();
    try (ExecutorService loop = Executors.newSingleThreadExecutor(r -> new Thread(r, "loop"))) {
      CompletableFuture<TokenCount> answer =
          inbox.ask(
              counter,
              "fox",
              Requests.conversation(List.of(fox)),
              task ->
                  loop.execute(
                      () -> {
                        thread.complete(Thread.currentThread());
                        task.run();
                      }));
      assertEquals(new TokenCount(1007, true), await(answer));
      assertEquals("loop", await(thread).getName());
    }
  }

  @Test
  void theNextTurnCountsOnlyWhatIsNew() throws Exception {
    TokenCounter counter = open(ONE_THREAD, this::characters);
    TokenCount first = await(inbox.ask(counter, "1", conversation(0, 200)));
    assertEquals(new TokenCount(3 + 200L * (3 + TEXT), true), first);
    assertEquals(200, counted.size());
    counted.clear();
    TokenCount second = await(inbox.ask(counter, "2", conversation(0, 202)));
    assertEquals(new TokenCount(3 + 202L * (3 + TEXT), true), second);
    assertEquals(List.of(text(200), text(201)), counted);
  }

  @Test
  void theVocabularyIsLoadedOnceAndNotBeforeItIsNeeded() throws Exception {
    TokenCounter counter =
        open(new CounterLimits(2, 4, Duration.ofMinutes(1), 100, 9), String::length);
    assertFalse(await(inbox.ask(counter, "too large", conversation(0, 3))).exact());
    assertEquals(0, loads.get());
    assertTrue(await(inbox.ask(counter, "1", conversation(0, 1))).exact());
    assertTrue(await(inbox.ask(counter, "2", conversation(1, 2))).exact());
    counter.warmUp();
    assertEquals(1, loads.get());
  }

  @Test
  void whatIsTooLargeGetsAnEstimateAtOnce() {
    TokenCounter counter =
        open(new CounterLimits(1, 4, Duration.ofMinutes(1), TEXT, 9), String::length);
    CompletableFuture<TokenCount> answer = inbox.ask(counter, "2 texts", conversation(0, 2));
    assertEquals(new TokenCount(3 + 6 + (2L * TEXT + 3) / 4, false), answer.getNow(null));
  }

  @Test
  void whoseDeadlinePassesWhileTheVocabularyIsLoadedGetsAnEstimate() throws Exception {
    CountDownLatch loaded = new CountDownLatch(1);
    TokenCounter counter =
        new TokenCounter(
            new CounterLimits(1, 4, Duration.ofMillis(1), 1 << 20, 9),
            clock::get,
            () -> {
              await(loaded);
              return String::length;
            });
    opened.add(counter);
    TokenCount answer = await(inbox.ask(counter, "early", conversation(0, 1)));
    assertEquals(new TokenCount(6 + (TEXT + 3) / 4, false), answer);
    loaded.countDown();
  }

  @Test
  void aDeadlineThatPassesLeavesWhatWasCountedExact() throws Exception {
    Duration deadline = Duration.ofMillis(500);
    TokenCounter counter =
        open(
            new CounterLimits(1, 4, deadline, 1 << 20, 1000),
            text -> {
              clock.addAndGet(deadline.toNanos() / 5);
              return characters(text);
            });
    TokenCount answer = await(inbox.ask(counter, "slow", conversation(0, 100)));
    assertEquals(5, counted.size());
    long rest = (95L * TEXT + 3) / 4;
    assertEquals(new TokenCount(3 + 300 + 5L * TEXT + rest, false), answer);
  }

  @Test
  void whoFindsTheQueueFullGetsAnEstimateWhileTheOthersAreCounted() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch gate = new CountDownLatch(1);
    TokenCounter counter =
        open(
            new CounterLimits(1, 1, Duration.ofMinutes(1), 1 << 20, 1000),
            text -> {
              begun.countDown();
              await(gate);
              return characters(text);
            });
    CompletableFuture<TokenCount> running = inbox.ask(counter, "running", conversation(0, 1));
    await(begun);
    CompletableFuture<TokenCount> waits = inbox.ask(counter, "waits", conversation(1, 2));
    CompletableFuture<TokenCount> refused = inbox.ask(counter, "refused", conversation(2, 3));
    assertEquals(new TokenCount(6 + (TEXT + 3) / 4, false), refused.getNow(null));
    assertFalse(running.isDone() || waits.isDone());
    gate.countDown();
    assertEquals(new TokenCount(6 + TEXT, true), await(running));
    assertEquals(new TokenCount(6 + TEXT, true), await(waits));
    assertEquals(List.of("refused", "running", "waits"), inbox.order);
  }

  @Test
  void aLargeRequestLetsSmallOnesPassAndIsThenGoneOnWith() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch gate = new CountDownLatch(1);
    TokenCounter counter =
        open(
            ONE_THREAD,
            text -> {
              begun.countDown();
              await(gate);
              clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(4));
              return characters(text);
            });
    CompletableFuture<TokenCount> large = inbox.ask(counter, "large", conversation(0, 100));
    await(begun);
    CompletableFuture<TokenCount> small = inbox.ask(counter, "small", conversation(200, 201));
    CompletableFuture<TokenCount> other = inbox.ask(counter, "other", conversation(201, 202));
    gate.countDown();
    assertEquals(new TokenCount(3 + 100L * (3 + TEXT), true), await(large));
    assertEquals(new TokenCount(6 + TEXT, true), await(small));
    assertEquals(new TokenCount(6 + TEXT, true), await(other));
    assertEquals(List.of("small", "other", "large"), inbox.order);
    assertEquals(102, counted.size(), "nothing is counted twice");
    assertTrue(counted.indexOf(text(200)) <= 4, "the small one waits for one turn: " + counted);
  }

  @Test
  void twoLargeRequestsTakeTurns() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch gate = new CountDownLatch(1);
    TokenCounter counter =
        open(
            ONE_THREAD,
            text -> {
              begun.countDown();
              await(gate);
              clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(4));
              return characters(text);
            });
    CompletableFuture<TokenCount> one = inbox.ask(counter, "one", conversation(0, 50));
    await(begun);
    CompletableFuture<TokenCount> two = inbox.ask(counter, "two", conversation(50, 100));
    gate.countDown();
    assertTrue(await(one).exact());
    assertTrue(await(two).exact());
    assertEquals(100, counted.size());
    assertTrue(counted.indexOf(text(50)) < 5, () -> "one turn, then the other: " + counted);
    assertTrue(counted.indexOf(text(49)) > 90, () -> "neither waits for the other: " + counted);
  }

  @Test
  void closingAnswersAllWithEstimates() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch gate = new CountDownLatch(1);
    TokenCounter counter =
        open(
            ONE_THREAD,
            text -> {
              begun.countDown();
              await(gate);
              return characters(text);
            });
    CompletableFuture<TokenCount> running = inbox.ask(counter, "running", conversation(0, 2));
    await(begun);
    CompletableFuture<TokenCount> waits = inbox.ask(counter, "waits", conversation(2, 3));
    counter.close();
    long estimate = 6L + (TEXT + 3) / 4;
    assertEquals(new TokenCount(estimate, false), waits.getNow(null));
    gate.countDown();
    assertEquals(new TokenCount(9 + TEXT + (TEXT + 3) / 4, false), await(running));
    CompletableFuture<TokenCount> late = inbox.ask(counter, "late", conversation(3, 4));
    assertEquals(new TokenCount(estimate, false), late.getNow(null));
    assertEquals(List.of("late", "running", "waits"), inbox.order.stream().sorted().toList());
  }

  @Test
  void anExecutorThatIsGoneDoesNotKeepTheAnswer() throws Exception {
    TokenCounter counter = open(ONE_THREAD, this::characters);
    Executor gone =
        task -> {
          throw new RejectedExecutionException("shut down");
        };
    CompletableFuture<TokenCount> answer = inbox.ask(counter, "gone", conversation(0, 1), gone);
    assertEquals(new TokenCount(6 + TEXT, true), await(answer));
    assertEquals(List.of("gone"), inbox.order);
  }

  @Test
  void aBugInCountingStillEndsInAnAnswer() throws Exception {
    TokenCounter counter =
        open(
            ONE_THREAD,
            text -> {
              if (text.equals(text(0))) {
                throw new IllegalStateException("thrown by a test");
              }
              return characters(text);
            });
    assertEquals(
        new TokenCount(6 + (TEXT + 3) / 4, false),
        await(inbox.ask(counter, "bug", conversation(0, 1))));
    assertTrue(await(inbox.ask(counter, "next", conversation(1, 2))).exact());
    assertEquals(List.of("bug", "next"), inbox.order);
  }

  @Test
  void aVocabularyThatCannotBeLoadedLeavesEstimates() throws Exception {
    TokenCounter counter =
        new TokenCounter(
            ONE_THREAD,
            clock::get,
            () -> {
              throw new IllegalStateException("thrown by a test");
            });
    opened.add(counter);
    assertFalse(await(inbox.ask(counter, "1", conversation(0, 1))).exact());
    assertFalse(await(inbox.ask(counter, "2", conversation(0, 1))).exact());
  }

  @Test
  void manyAtOnceAreAllAnsweredOnce() throws Exception {
    TokenCounter counter =
        open(
            new CounterLimits(2, 8, Duration.ofMinutes(1), 1 << 20, 64),
            System::nanoTime,
            this::characters);
    List<CompletableFuture<TokenCount>> answers = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      answers.add(inbox.ask(counter, "r" + i, conversation(i, i + 1 + i % 7)));
      if (i == 400) {
        counter.close();
      }
    }
    for (int i = 0; i < 500; i++) {
      TokenCount answer = await(answers.get(i));
      long texts = 1L + i % 7;
      long fixed = 3 + 3 * texts;
      if (answer.exact()) {
        assertEquals(fixed + texts * TEXT, answer.tokens());
      } else {
        assertTrue(answer.tokens() >= fixed + (texts * TEXT + 3) / 4, "of " + i);
        assertTrue(answer.tokens() <= fixed + texts * TEXT, "of " + i);
      }
    }
    assertEquals(500, inbox.order.size());
  }
}
