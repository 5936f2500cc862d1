package dev.ccr.bench.tokens;

import dev.ccr.proxy.json.JsonSyntaxException;
import dev.ccr.proxy.tokens.CounterLimits;
import dev.ccr.proxy.tokens.InputMeter;
import dev.ccr.proxy.tokens.Measure;
import dev.ccr.proxy.tokens.TokenCount;
import dev.ccr.proxy.tokens.TokenCounter;
import dev.ccr.proxy.tokens.Verdict;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What it costs to know how long a request is: a short one of 50 KB, and a conversation of about
 * 150,000 tokens, made of prose and code in some 1,200 blocks.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class TokenCountBench {

  private static final long THRESHOLD = 60_000;
  private static final int TURNS = 300;
  private static final int SHORT_TURNS = 20;
  private static final String[] WORDS = {
    "the", "request", "returns", "a", "value", "that", "function", "parses", "configuration",
    "and", "every", "test", "which", "fails", "without", "it", "channel", "buffer", "released"
  };
  private static final CounterLimits LIMITS =
      new CounterLimits(1, 8, Duration.ofMinutes(1), 8 << 20, 32_768);

  private final InputMeter meter = new InputMeter();
  private final SynchronousQueue<TokenCount> answers = new SynchronousQueue<>();
  private final ByteBuf shortBody = body(SHORT_TURNS);
  private final ByteBuf longBody = body(TURNS);
  private final ByteBuf nextBody = body(TURNS + 1);
  private final TokenCounter warm = new TokenCounter(LIMITS);

  /** So that the next turn finds all but what is new. */
  @Setup
  public void countOnce() throws JsonSyntaxException, InterruptedException {
    TokenCount count = count(warm, longBody);
    if (!count.exact()) {
      throw new IllegalStateException("an estimate: " + count.tokens());
    }
  }

  @TearDown
  public void tearDown() {
    warm.close();
    shortBody.release();
    longBody.release();
    nextBody.release();
  }

  /** That a short request is short: no text is read. */
  @Benchmark
  public Verdict shortRequest() throws JsonSyntaxException {
    return meter.atMost(shortBody, meter.measure(shortBody), THRESHOLD);
  }

  /** That a long conversation is long, from its pieces. */
  @Benchmark
  public Verdict longConversation() throws JsonSyntaxException {
    return meter.atMost(longBody, meter.measure(longBody), THRESHOLD);
  }

  /** That it cannot be told: the threshold is about what the conversation has. */
  @Benchmark
  public Verdict undecidedConversation() throws JsonSyntaxException {
    return meter.atMost(longBody, meter.measure(longBody), 150_000);
  }

  /** The next turn of a conversation that has been counted, there and back between two threads. */
  @Benchmark
  public TokenCount nextTurn() throws JsonSyntaxException, InterruptedException {
    return count(warm, nextBody);
  }

  /** The same conversation when nothing of it is known, but the vocabulary is loaded. */
  @Benchmark
  public TokenCount firstTurn() throws JsonSyntaxException, InterruptedException {
    try (TokenCounter cold = new TokenCounter(LIMITS)) {
      return count(cold, longBody);
    }
  }

  private TokenCount count(TokenCounter counter, ByteBuf body)
      throws JsonSyntaxException, InterruptedException {
    counter.count(body, meter.measure(body), Runnable::run, this::answer);
    return answers.take();
  }

  private void answer(TokenCount count) {
    try {
      answers.put(count);
    } catch (InterruptedException e) { // the bench ends
      Thread.currentThread().interrupt();
    }
  }

  private static ByteBuf body(int turns) {
    StringBuilder json = new StringBuilder("{\"model\":\"m\",\"messages\":[");
    json.append("{\"role\":\"user\",\"content\":\"Fix the failing test.\"}");
    for (int turn = 0; turn < turns; turn++) {
      Random random = new Random(turn);
      json.append(",{\"role\":\"assistant\",\"content\":[{\"type\":\"text\",\"text\":\"");
      prose(random, 40, json);
      json.append("\"},{\"type\":\"tool_use\",\"id\":\"toolu_").append(turn)
          .append("\",\"name\":\"Read\",\"input\":{\"file_path\":\"/src/file").append(turn)
          .append(".java\",\"limit\":200}}]},{\"role\":\"user\",\"content\":[{\"type\":")
          .append("\"tool_result\",\"tool_use_id\":\"toolu_").append(turn)
          .append("\",\"content\":\"");
      code(random, 32, json);
      json.append("\"}]}");
    }
    json.append("]}");
    ByteBuf body = ByteBufAllocator.DEFAULT.directBuffer(json.length());
    ByteBufUtil.writeUtf8(body, json);
    return body;
  }

  private static void prose(Random random, int words, StringBuilder to) {
    for (int i = 0; i < words; i++) {
      to.append(WORDS[random.nextInt(WORDS.length)]).append(i % 12 == 11 ? ".\\n" : " ");
    }
  }

  private static void code(Random random, int lines, StringBuilder to) {
    for (int i = 0; i < lines; i++) {
      to.append("    private static final int ").append(WORDS[random.nextInt(WORDS.length)])
          .append(random.nextInt(1000)).append(" = list.get(\\\"")
          .append(WORDS[random.nextInt(WORDS.length)]).append("\\\");\\n");
    }
  }
}
