package dev.ccr.proxy.metrics;

import dev.ccr.proxy.model.Limit;
import dev.ccr.proxy.model.Usage;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * Counts requests as they end. Any thread may use it, and none waits for another: event loops add,
 * and whoever asks reads what is there.
 */
public final class Metrics {

  /** What stands for all that is not counted by its own name. */
  public static final String OTHER = "other";

  /** How many combinations of labels each figure may have; names of a configuration are few. */
  private static final int MAX_SERIES = 1_000;

  /**
   * Those of OpenTelemetry's conventions; the last three are for answers that take minutes.
   *
   * @see <a href="https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-metrics/">Semantic
   *     conventions for generative AI metrics</a>
   */
  static final Scale DURATION =
      Scale.seconds(
          0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92,
          163.84, 327.68, 655.36);

  static final Scale FIRST_EVENT =
      Scale.seconds(
          0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5,
          10.0, 30.0, 60.0);

  static final Scale TOKENS =
      Scale.numbers(
          1, 4, 16, 64, 256, 1_024, 4_096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304,
          16_777_216, 67_108_864);

  /** From what a pooled connection needs to what a new one does, with TLS and far away. */
  static final Scale OVERHEAD =
      Scale.seconds(
          0.000_05, 0.000_1, 0.000_2, 0.000_5, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2,
          0.5, 1.0, 2.5, 10.0);

  /** The connections to upstreams, as whoever has them counts them. */
  record Upstreams(LongSupplier open, LongSupplier opened, LongSupplier waiting) {}

  /** What a request is counted under. */
  record Request(
      String operation,
      String provider,
      String model,
      String rule,
      int status,
      String outcome) {}

  /**
   * What the figures of a model are counted under.
   *
   * @param error the outcome if it is an error, or empty
   */
  record Model(String operation, String provider, String model, String error) {}

  /** The figures of a model. */
  static final class ModelFigures {
    final Histogram duration = new Histogram(DURATION);
    final Histogram firstEvent = new Histogram(FIRST_EVENT);
    final Histogram inputTokens = new Histogram(TOKENS);
    final Histogram outputTokens = new Histogram(TOKENS);
    final LongAdder cacheRead = new LongAdder();
    final LongAdder cacheWritten = new LongAdder();
  }

  /** What an upstream's answers are counted under. */
  record Answer(String provider, int status) {}

  /** What a client's requests are counted under. */
  record Asked(String client, int status) {}

  /**
   * What requests are counted under that a limit refused.
   *
   * @param client who asked, or empty
   */
  record Refused(String limit, String client) {}

  /** The tokens of a client. */
  static final class ClientTokens {
    final LongAdder input = new LongAdder();
    final LongAdder output = new LongAdder();
  }

  final ConcurrentMap<Asked, LongAdder> clients = new ConcurrentHashMap<>();
  final ConcurrentMap<String, ClientTokens> clientTokens = new ConcurrentHashMap<>();
  final ConcurrentMap<Refused, LongAdder> refused = new ConcurrentHashMap<>();
  final Histogram refusals = new Histogram(OVERHEAD);
  volatile Upstreams upstreams = new Upstreams(() -> 0, () -> 0, () -> 0);
  /**
   * What attempts are counted under.
   *
   * @param kind why it was made: {@code first}, {@code stale}, {@code key}, {@code retry}, {@code
   *     fallback}
   */
  record Attempt(String provider, String kind) {}

  final ConcurrentMap<Attempt, LongAdder> attempts = new ConcurrentHashMap<>();
  final ConcurrentMap<Request, LongAdder> requests = new ConcurrentHashMap<>();
  final ConcurrentMap<Model, ModelFigures> models = new ConcurrentHashMap<>();
  final ConcurrentMap<Answer, LongAdder> answers = new ConcurrentHashMap<>();
  final Histogram pooledOverhead = new Histogram(OVERHEAD);
  final Histogram connectingOverhead = new Histogram(OVERHEAD);
  final Histogram responseOverhead = new Histogram(OVERHEAD);
  final LongAdder inFlight = new LongAdder();
  final LongAdder connections = new LongAdder();
  final LongAdder bytesIn = new LongAdder();
  final LongAdder bytesOut = new LongAdder();

  private volatile LongSupplier bytesInFlight = () -> 0;
  private volatile LongSupplier admitted = () -> 0;
  private volatile LongSupplier lagNanos = () -> 0;

  /**
   * Shows what others count.
   *
   * @param bytes that are kept of requests and answers
   * @param requests that have been admitted and are under way
   * @param lag how far the event loops are behind, in nanoseconds
   */
  public void observe(LongSupplier bytes, LongSupplier requests, LongSupplier lag) {
    bytesInFlight = bytes;
    admitted = requests;
    lagNanos = lag;
  }

  long bytesInFlight() {
    return bytesInFlight.getAsLong();
  }

  long admitted() {
    return admitted.getAsLong();
  }

  long lagNanos() {
    return lagNanos.getAsLong();
  }

  /** A client was refused without a request of his being read. */
  public void refused(Limit limit) {
    refused(limit.label(), "");
  }

  private void refused(String limit, String client) {
    series(
            refused,
            new Refused(limit, client),
            new Refused(limit, OTHER),
            key -> new LongAdder())
        .increment();
  }

  /**
   * Says who counts the connections to upstreams. Any thread may ask him.
   *
   * @param open how many there are
   * @param opened how many have been made
   * @param waiting how many requests wait for one
   */
  public void upstreams(LongSupplier open, LongSupplier opened, LongSupplier waiting) {
    upstreams = new Upstreams(open, opened, waiting);
  }

  /** A client has connected. */
  public void connected() {
    connections.increment();
  }

  /** The connection is closed. */
  public void disconnected() {
    connections.decrement();
  }

  /** A request has begun. */
  public void begun() {
    inFlight.increment();
  }

  /** A request that had begun is over. */
  public void ended() {
    inFlight.decrement();
  }

  /** Counts a request that is over. */
  public void count(RequestFigures figures) {
    String operation = figures.operation.label();
    boolean failed = isError(figures.outcome);
    series(
            requests,
            new Request(
                operation,
                figures.provider,
                figures.model,
                figures.rule,
                figures.status,
                figures.outcome),
            new Request(operation, OTHER, OTHER, OTHER, figures.status, figures.outcome),
            key -> new LongAdder())
        .increment();
    countClient(figures);
    bytesIn.add(figures.bytesIn);
    bytesOut.add(figures.bytesOut);
    answered(figures);
    if (!figures.provider.isEmpty() && figures.operation == Operation.CHAT) {
      String error = failed ? figures.outcome : "";
      count(
          figures,
          series(
              models,
              new Model(operation, figures.provider, figures.model, error),
              new Model(operation, OTHER, OTHER, error),
              key -> new ModelFigures()));
    }
  }

  private void countClient(RequestFigures figures) {
    if (!figures.limit.isEmpty()) {
      refused(figures.limit, figures.client);
      refusals.add(figures.duration);
    }
    if (figures.client.isEmpty()) {
      return;
    }
    series(
            clients,
            new Asked(figures.client, figures.status),
            new Asked(OTHER, figures.status),
            key -> new LongAdder())
        .increment();
    Usage usage = figures.usage;
    if (usage != null) {
      ClientTokens tokens =
          series(clientTokens, figures.client, OTHER, key -> new ClientTokens());
      tokens.input.add(usage.inputTokens + usage.cacheReadTokens + usage.cacheCreationTokens);
      tokens.output.add(usage.outputTokens);
    }
  }

  /** A provider is asked; {@code kind} is one of few words. */
  public void attempted(String provider, String kind) {
    series(
            attempts,
            new Attempt(provider, kind),
            new Attempt(OTHER, kind),
            key -> new LongAdder())
        .increment();
  }

  /** Counts what the provider answered, if it did: also if that was not the last answer. */
  public void answered(RequestFigures figures) {
    if (figures.upstreamStatus > 0) {
      series(
              answers,
              new Answer(figures.provider, figures.upstreamStatus),
              new Answer(OTHER, figures.upstreamStatus),
              key -> new LongAdder())
          .increment();
    }
  }

  /** Whether a request that ended so was in vain through no fault of its client's leaving. */
  static boolean isError(String outcome) {
    return !outcome.equals(RequestFigures.DONE) && !outcome.equals(RequestFigures.CLIENT_LEFT);
  }

  private void count(RequestFigures figures, ModelFigures model) {
    model.duration.add(figures.duration);
    if (!isError(figures.outcome)) {
      model.firstEvent.add(figures.firstEvent);
    }
    (figures.pooled ? pooledOverhead : connectingOverhead).add(figures.requestOverhead);
    responseOverhead.add(figures.responseOverhead);
    Usage usage = figures.usage;
    if (usage != null && usage.inputTokens + usage.cacheReadTokens + usage.outputTokens > 0) {
      model.inputTokens.add(
          usage.inputTokens + usage.cacheReadTokens + usage.cacheCreationTokens);
      model.outputTokens.add(usage.outputTokens);
      model.cacheRead.add(usage.cacheReadTokens);
      model.cacheWritten.add(usage.cacheCreationTokens);
    }
  }

  private static <K, V> V series(Map<K, V> all, K own, K other, Function<K, V> make) {
    V known = all.get(own);
    if (known != null) {
      return known;
    }
    return all.computeIfAbsent(all.size() < MAX_SERIES ? own : other, make);
  }
}
