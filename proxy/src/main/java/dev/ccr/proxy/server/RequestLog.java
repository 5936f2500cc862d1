package dev.ccr.proxy.server;

import dev.ccr.proxy.admission.Permit;
import dev.ccr.proxy.metrics.Metrics;
import dev.ccr.proxy.metrics.Operation;
import dev.ccr.proxy.metrics.RequestFigures;
import dev.ccr.proxy.model.Client;
import dev.ccr.proxy.model.Limit;
import dev.ccr.proxy.model.Route;
import dev.ccr.proxy.model.Usage;
import io.netty.handler.codec.http.HttpRequest;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the current request of a connection: what happens to it, and when. When it is over its
 * figures are counted, and a line goes into the access log. One a connection; on its event loop.
 */
final class RequestLog {

  private static final Logger LOG = LoggerFactory.getLogger(RequestLog.class);

  static final String UPSTREAM_ERROR = "upstream_error";
  static final String UPSTREAM_CUT = "upstream_cut";
  static final String INTERNAL_ERROR = "internal_error";

  private final Metrics metrics;
  private final RequestFigures figures = new RequestFigures();
  private final AccessEntry entry = new AccessEntry(figures);
  private long startNanos;
  private long upstreamReadNanos = RequestFigures.UNKNOWN;
  private boolean answering;
  private boolean inFlight;
  private @Nullable Snapshot snapshot;
  private @Nullable Client client;
  private @Nullable Permit permit;

  RequestLog(Metrics metrics) {
    this.metrics = metrics;
  }

  /** A request has begun. */
  void begin(HttpRequest request, long nanoTime) {
    figures.clear();
    long random = ThreadLocalRandom.current().nextLong() | Long.MIN_VALUE;
    entry.begin("req_" + Long.toHexString(random), request);
    if (LOG.isDebugEnabled()) {
      LOG.debug(
          "{}: headers {}",
          entry.requestId(),
          HeaderText.line(String.valueOf(request.headers().names())));
    }
    figures.operation = operation(entry.path());
    startNanos = nanoTime;
    upstreamReadNanos = RequestFigures.UNKNOWN;
    answering = false;
    snapshot = null;
    client = null;
    inFlight = figures.operation != Operation.OTHER;
    if (inFlight) {
      metrics.begun();
    }
  }

  /** The value of the {@code request-id} header and of error bodies. */
  String requestId() {
    return entry.requestId();
  }

  /** Who asks. */
  void client(Client admitted) {
    client = admitted;
    figures.client = admitted.name();
    entry.client(admitted.name());
  }

  /** Who asks, or {@code null} if anybody may, or it is not known yet. */
  @Nullable Client client() {
    return client;
  }

  /** The request is taken on; whatever becomes of it, its permit is closed in the end. */
  void permit(Permit taken) {
    permit = taken;
  }

  /** What the request holds, or {@code null} if it is not taken on (yet). */
  @Nullable Permit permit() {
    return permit;
  }

  /** The request is refused by a limit. */
  void refused(Limit limit) {
    figures.limit = limit.label();
  }

  /** How much of the request's body has come. */
  long bytesIn() {
    return figures.bytesIn;
  }

  /** Some of the request's body has come. */
  void received(int bytes) {
    figures.bytesIn += bytes;
  }

  void route(Route route, Snapshot from) {
    snapshot = from;
    entry.route(route);
    figures.provider = route.provider().name();
    figures.model = from.isNamed(route.model()) ? route.model() : Metrics.OTHER;
    figures.rule = route.rule();
  }

  /** The route, once it is known. */
  @Nullable Route route() {
    return entry.route();
  }

  /**
   * The upstream's request has been written.
   *
   * @param pooled whether that needed no new connection
   */
  void requestWritten(long nanoTime, boolean pooled) {
    if (figures.attempts <= 1) { // the wait for what failed is nothing that the router added
      figures.requestOverhead = nanoTime - startNanos;
      figures.pooled = pooled;
    }
  }

  /** Nothing of the request's body is in memory any more. */
  void bodySent() {
    if (permit != null) {
      permit.bodySent();
    }
  }

  /**
   * A provider is asked.
   *
   * @param kind why, in one of few words
   */
  void attempt(String kind) {
    figures.attempts++;
    metrics.attempted(figures.provider, kind);
  }

  /** What came of the last attempt is not the answer: only the sums have it. */
  void dropped() {
    metrics.answered(figures);
    figures.upstreamStatus = 0;
    figures.usage = null;
  }

  /** How many attempts there were, this one included. */
  int attempts() {
    return figures.attempts;
  }

  void upstreamStatus(int status) {
    figures.upstreamStatus = status;
  }

  void usage(Usage usage) {
    figures.usage = usage;
  }

  /** Whether none of the answer has been sent yet: then the next two methods are of interest. */
  boolean awaitsFirstEvent() {
    return figures.firstEvent == RequestFigures.UNKNOWN;
  }

  /** Something of the upstream's answer has been read. */
  void upstreamRead(long nanoTime) {
    upstreamReadNanos = nanoTime;
  }

  /** What was written has been sent, if anything was. */
  void flushed(long nanoTime) {
    if (answering && awaitsFirstEvent()) {
      figures.firstEvent = nanoTime - startNanos;
      if (upstreamReadNanos != RequestFigures.UNKNOWN) {
        figures.responseOverhead = nanoTime - upstreamReadNanos;
      }
    }
  }

  /** The head of the answer is written. */
  void status(int status) {
    figures.status = status;
    answering = true;
  }

  /** Some of the answer's body is written. */
  void sent(int bytes) {
    figures.bytesOut += bytes;
  }

  /** How it ended if not well. */
  void outcome(String outcome, String error) {
    figures.outcome = outcome;
    entry.error(withoutKeys(error));
  }

  /** Text that quotes a peer, without the keys that the peer may know. */
  String withoutKeys(String text) {
    Route route = entry.route();
    return snapshot == null || route == null
        ? text
        : snapshot.withoutKeys(text, route.provider());
  }

  /** The connection broke before the answer was complete; whoever broke it first is to blame. */
  void broken() {
    if (figures.outcome.equals(RequestFigures.DONE)) {
      figures.outcome = RequestFigures.CLIENT_LEFT;
    }
  }

  /** The answer has ended, or will never. */
  void end(long nanoTime) {
    flushed(nanoTime); // a short answer is sent when all of it is written
    figures.duration = nanoTime - startNanos;
    if (inFlight) {
      inFlight = false;
      metrics.ended();
    }
    if (permit != null) {
      permit.close(tokens());
      permit = null;
    }
    boolean asked = entry.route() != null || figures.status >= 400;
    if (asked || figures.operation != Operation.OTHER) {
      metrics.count(figures);
    }
    entry.log(asked);
  }

  /** As the Claude API counts them against limits: what came out of a cache is not among them. */
  private long tokens() {
    boolean answered = figures.upstreamStatus >= 200 && figures.upstreamStatus < 300;
    Usage usage = figures.usage;
    long used =
        usage == null
            ? 0
            : usage.inputTokens + usage.cacheCreationTokens + usage.outputTokens;
    return answered && used == 0 ? Permit.UNKNOWN : used;
  }

  /** The line as it would be now. */
  @Override
  public String toString() {
    return entry.line();
  }

  private static Operation operation(String path) {
    Endpoint endpoint = Endpoint.at(path);
    if (endpoint != null) {
      return endpoint == Endpoint.MESSAGES ? Operation.CHAT : Operation.COUNT_TOKENS;
    }
    return path.equals(ModelsHandler.PATH) || path.startsWith(ModelsHandler.PATH + "/")
        ? Operation.LIST_MODELS
        : Operation.OTHER;
  }
}
