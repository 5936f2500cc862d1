package dev.ccr.proxy.server;

import dev.ccr.proxy.attempt.Fault;
import dev.ccr.proxy.attempt.RetryAfter;
import dev.ccr.proxy.config.Secret;
import dev.ccr.proxy.model.Route;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.util.AsciiString;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Which headers travel: to an upstream only those it needs, to the client all but a few. */
final class Headers {

  static final AsciiString EVENT_STREAM = AsciiString.cached("text/event-stream");
  static final AsciiString REQUEST_ID = AsciiString.cached("request-id");

  private static final AsciiString JSON = AsciiString.cached("application/json");
  private static final AsciiString IDENTITY = AsciiString.cached("identity");
  private static final AsciiString ANTHROPIC_VERSION = AsciiString.cached("anthropic-version");
  private static final AsciiString X_API_KEY = AsciiString.cached("x-api-key");
  private static final AsciiString API_KEY = AsciiString.cached("api-key");
  private static final AsciiString RETRY_AFTER_MS = AsciiString.cached("retry-after-ms");
  private static final AsciiString SHOULD_RETRY = AsciiString.cached("x-should-retry");
  private static final String DEFAULT_ANTHROPIC_VERSION = "2023-06-01";
  private static final String ANTHROPIC_PREFIX = "anthropic-";

  /** Whose pages may read an answer: an upstream cannot say that for this router. */
  private static final String CORS_PREFIX = "access-control-";

  /** RFC 9110, section 7.6.1, and what only concerns one connection or one site. */
  private static final Set<String> NOT_FOR_THE_CLIENT =
      Set.of(
          "connection",
          "keep-alive",
          "proxy-authenticate",
          "proxy-connection",
          "set-cookie",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade");

  private Headers() {}

  /**
   * Fills the head of an upstream request. Of the client's headers only {@code anthropic-*} travel,
   * and those only to the Claude API: never its credentials, nor what {@code connection} names.
   *
   * @param key the provider's; may be empty
   */
  static void forUpstream(
      Exchange exchange, Target target, Secret key, int length, HttpHeaders out) {
    out.set(HttpHeaderNames.HOST, target.origin().hostHeader());
    out.set(HttpHeaderNames.CONTENT_TYPE, JSON);
    out.setInt(HttpHeaderNames.CONTENT_LENGTH, length);
    out.set(HttpHeaderNames.ACCEPT, exchange.facts().stream() ? EVENT_STREAM : JSON);
    // Compressing a stream saves little and may hold events back; what comes all the same is
    // decoded.
    out.set(HttpHeaderNames.ACCEPT_ENCODING, IDENTITY);
    out.set(HttpHeaderNames.USER_AGENT, Version.USER_AGENT);
    if (target.codec().speaksClaude()) {
      List<String> connection = exchange.head().headers().getAll(HttpHeaderNames.CONNECTION);
      for (Map.Entry<String, String> header : exchange.head().headers()) {
        String name = header.getKey().toLowerCase(Locale.ROOT);
        if (name.startsWith(ANTHROPIC_PREFIX) && !names(connection, name)) {
          out.add(header.getKey(), header.getValue());
        }
      }
      if (!out.contains(ANTHROPIC_VERSION)) {
        out.set(ANTHROPIC_VERSION, DEFAULT_ANTHROPIC_VERSION);
      }
    }
    if (!key.isEmpty()) {
      switch (target.codec().keyHeader()) {
        case AUTHORIZATION_BEARER ->
            out.set(HttpHeaderNames.AUTHORIZATION, "Bearer " + key.reveal());
        case X_API_KEY -> out.set(X_API_KEY, key.reveal());
        case API_KEY -> out.set(API_KEY, key.reveal());
      }
    }
  }

  /** Hands on the head of an answer whose body the client gets as it is. */
  static void passOn(HttpHeaders from, HttpHeaders out) {
    List<String> connection = from.getAll(HttpHeaderNames.CONNECTION);
    for (Map.Entry<String, String> header : from) {
      String name = header.getKey().toLowerCase(Locale.ROOT);
      if (!NOT_FOR_THE_CLIENT.contains(name)
          && !name.startsWith(CORS_PREFIX)
          && !names(connection, name)) {
        out.add(header.getKey(), header.getValue());
      }
    }
  }

  /** The head of a translated answer. */
  static void translated(boolean streams, HttpHeaders out) {
    out.set(HttpHeaderNames.CONTENT_TYPE, streams ? "text/event-stream; charset=utf-8" : JSON);
    out.set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_CACHE);
    if (streams) {
      out.set("x-accel-buffering", "no"); // or a proxy in front would collect the events
    }
  }

  /** Whether a content type is that of an event stream. */
  static boolean isEventStream(String contentType) {
    return contentType.regionMatches(
        true, 0, EVENT_STREAM.toString(), 0, EVENT_STREAM.length());
  }

  /** Says which request this answers, and once that is known, who answered it and why. */
  static void describe(RequestLog log, HttpHeaders out) {
    if (!out.contains(REQUEST_ID)) {
      out.set(REQUEST_ID, log.requestId());
    }
    Route route = log.route();
    if (route != null) {
      out.set("x-ccr-route", route.rule());
      out.set("x-ccr-provider", HeaderText.of(route.provider().name()));
      out.set("x-ccr-model", HeaderText.of(route.model()));
      if (log.attempts() > 1) {
        out.setInt("x-ccr-attempts", log.attempts());
      }
    }
  }

  /** For how long an upstream that answers with an error wants to be left alone. */
  static long retryAfterNanos(HttpHeaders from) {
    return RetryAfter.nanos(
        from.get(HttpHeaderNames.RETRY_AFTER), from.get(RETRY_AFTER_MS), Instant.now());
  }

  /** What an error status says of whether to try again; Anthropic's clients obey the last header. */
  static Fault fault(HttpResponse head) {
    return new Fault(
        Fault.Kind.STATUS,
        head.status().code(),
        retryAfterNanos(head.headers()),
        "false".equals(head.headers().get(SHOULD_RETRY)));
  }

  /** Whether one of the {@code connection} headers names {@code name} as hop-by-hop. */
  private static boolean names(List<String> connection, String name) {
    for (String header : connection) {
      for (String option : header.split(",", -1)) {
        if (option.strip().equalsIgnoreCase(name)) {
          return true;
        }
      }
    }
    return false;
  }
}
