package dev.ccr.proxy.server;

import dev.ccr.proxy.model.Route;
import dev.ccr.proxy.model.Usage;
import io.netty.handler.codec.http.HttpRequest;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes one line of the access log: the current request of a connection and how it was
 * answered. Never a header value or a key; of the URL only the path, of bodies only the names and the
 * upstream errors that a failure quotes.
 */
final class RequestLog {

  private static final Logger LOG = LoggerFactory.getLogger("ccr.access");

  private static final String DONE = "done";

  private String requestId = "";
  private String method = "";
  private String path = "";
  private long startNanos;
  private int status;
  private String outcome = "";
  private @Nullable Route route;
  private @Nullable Usage usage;

  /** A request has begun. */
  void begin(HttpRequest request, long nanoTime) {
    requestId = "req_" + Long.toHexString(ThreadLocalRandom.current().nextLong() | Long.MIN_VALUE);
    method = request.method().name();
    path = HeaderText.of(RequestPath.path(request.uri()));
    startNanos = nanoTime;
    status = 0;
    outcome = DONE;
    route = null;
    usage = null;
  }

  /** The value of the {@code request-id} header and of error bodies. */
  String requestId() {
    return requestId;
  }

  void route(Route route) {
    this.route = route;
  }

  void usage(Usage usage) {
    this.usage = usage;
  }

  void status(int status) {
    this.status = status;
  }

  /** How it ended if not well, in a few words. */
  void outcome(String outcome) {
    this.outcome = outcome;
  }

  /** The route, once it is known. */
  @Nullable Route route() {
    return route;
  }

  /** The connection broke before the answer was complete; whoever broke it first is to blame. */
  void broken() {
    if (outcome.equals(DONE)) {
      outcome = "client left";
    }
  }

  /** The answer has ended, or will never. */
  void end(long nanoTime) {
    boolean asked = route != null || status >= 400;
    if (asked ? LOG.isInfoEnabled() : LOG.isDebugEnabled()) {
      LOG.atLevel(asked ? org.slf4j.event.Level.INFO : org.slf4j.event.Level.DEBUG)
          .log(line(TimeUnit.NANOSECONDS.toMillis(nanoTime - startNanos)));
    }
  }

  /** Peers choose parts of it: none of them may end the line or speak to a terminal. */
  String line(long millis) {
    StringBuilder line = new StringBuilder(160);
    line.append(requestId).append(' ').append(method).append(' ').append(path);
    line.append(" -> ").append(status);
    if (route != null) {
      line.append(' ').append(route.rule()).append(' ');
      line.append(HeaderText.of(route.provider().name()));
      line.append(',').append(HeaderText.of(route.model()));
    }
    if (usage != null) {
      line.append(", tokens ").append(usage.inputTokens).append(" in ");
      line.append(usage.cacheReadTokens).append(" cached ");
      line.append(usage.outputTokens).append(" out");
    }
    line.append(", ").append(millis).append(" ms, ").append(HeaderText.line(outcome));
    return line.toString();
  }
}
