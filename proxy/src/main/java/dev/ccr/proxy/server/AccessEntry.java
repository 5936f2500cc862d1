package dev.ccr.proxy.server;

import dev.ccr.proxy.metrics.RequestFigures;
import dev.ccr.proxy.model.Route;
import dev.ccr.proxy.model.Usage;
import io.netty.handler.codec.http.HttpRequest;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * What becomes one line of the access log. Never a key; of headers only the two that name session
 * and agent, of the URL only the path, of bodies only names. What peers chose is made harmless: it
 * can neither end the line nor speak to a terminal. One a connection, used again.
 */
final class AccessEntry {

  private static final Logger LOG = LoggerFactory.getLogger("ccr.access");

  private static final int MAX_ID_LENGTH = 64;

  private final RequestFigures figures;
  private String requestId = "";
  private String method = "";
  private String path = "";
  private String clientKey = "";
  private String session = "";
  private String agent = "";
  private String error = "";
  private @Nullable Route route;

  AccessEntry(RequestFigures figures) {
    this.figures = figures;
  }

  void begin(String id, HttpRequest request) {
    requestId = id;
    method = request.method().name();
    path = HeaderText.of(RequestPath.path(request.uri()));
    session = id(request, "x-claude-code-session-id");
    agent = id(request, "x-claude-code-agent-id");
    clientKey = "";
    error = "";
    route = null;
  }

  String requestId() {
    return requestId;
  }

  String path() {
    return path;
  }

  void client(String name) {
    clientKey = name;
  }

  void route(Route decided) {
    route = decided;
  }

  @Nullable Route route() {
    return route;
  }

  void error(String words) {
    error = HeaderText.line(words);
  }

  /**
   * Logs it.
   *
   * @param asked whether it is more than a probe
   */
  void log(boolean asked) {
    Level level = asked ? Level.INFO : Level.DEBUG;
    if (LOG.isEnabledForLevel(level)) {
      fields(LOG.atLevel(level)).log(line());
    }
  }

  String line() {
    StringBuilder line = new StringBuilder(200);
    line.append(requestId).append(' ').append(method).append(' ').append(path);
    line.append(" -> ").append(figures.status);
    if (route != null) {
      line.append(' ').append(route.rule()).append(' ');
      line.append(HeaderText.of(route.provider().name()));
      line.append(',').append(HeaderText.of(route.model()));
    }
    if (figures.attempts > 1) {
      line.append(", ").append(figures.attempts).append(" attempts");
    }
    Usage usage = figures.usage;
    if (usage != null) {
      line.append(", tokens ").append(usage.inputTokens).append(" in ");
      line.append(usage.cacheReadTokens).append(" cached ");
      line.append(usage.outputTokens).append(" out");
    }
    if (usage != null && figures.firstEvent >= 0) {
      line.append(", first event ").append(millis(figures.firstEvent)).append(" ms");
    }
    line.append(", ").append(millis(figures.duration)).append(" ms, ").append(figures.outcome);
    return error.isEmpty() ? line.toString() : line.append(": ").append(error).toString();
  }

  private LoggingEventBuilder fields(LoggingEventBuilder entry) {
    LoggingEventBuilder out =
        entry
            .addKeyValue("request_id", requestId)
            .addKeyValue("method", method)
            .addKeyValue("path", path)
            .addKeyValue("status", figures.status)
            .addKeyValue("outcome", figures.outcome);
    out = text(out, "error", error);
    out = text(out, "client_key", clientKey);
    out = text(out, "limit", figures.limit);
    out = text(out, "session_id", session);
    out = text(out, "agent_id", agent);
    if (route != null) {
      out =
          out.addKeyValue("rule", route.rule())
              .addKeyValue("provider", route.provider().name())
              .addKeyValue("model", HeaderText.of(route.model()));
    }
    if (figures.attempts > 1) {
      out = out.addKeyValue("attempts", figures.attempts);
    }
    if (figures.upstreamStatus > 0) {
      out = out.addKeyValue("upstream_status", figures.upstreamStatus);
    }
    Usage usage = figures.usage;
    if (usage != null) {
      out =
          out.addKeyValue("input_tokens", usage.inputTokens)
              .addKeyValue("cache_read_tokens", usage.cacheReadTokens)
              .addKeyValue("cache_write_tokens", usage.cacheCreationTokens)
              .addKeyValue("output_tokens", usage.outputTokens);
    }
    out = out.addKeyValue("bytes_in", figures.bytesIn).addKeyValue("bytes_out", figures.bytesOut);
    if (figures.requestOverhead >= 0) {
      out = out.addKeyValue("connection", figures.pooled ? "pooled" : "new");
    }
    out = time(out, "request_overhead_ms", figures.requestOverhead);
    out = time(out, "response_overhead_ms", figures.responseOverhead);
    out = time(out, "first_event_ms", figures.firstEvent);
    return time(out, "duration_ms", figures.duration);
  }

  private static LoggingEventBuilder text(LoggingEventBuilder out, String name, String value) {
    return value.isEmpty() ? out : out.addKeyValue(name, value);
  }

  /** In milliseconds, to the microsecond. */
  private static LoggingEventBuilder time(LoggingEventBuilder out, String name, long nanos) {
    return nanos < 0
        ? out
        : out.addKeyValue(name, TimeUnit.NANOSECONDS.toMicros(nanos) / 1e3);
  }

  private static long millis(long nanos) {
    return TimeUnit.NANOSECONDS.toMillis(nanos);
  }

  private static String id(HttpRequest request, String header) {
    String value = request.headers().get(header, "");
    return HeaderText.of(value.substring(0, Math.min(value.length(), MAX_ID_LENGTH)));
  }
}
