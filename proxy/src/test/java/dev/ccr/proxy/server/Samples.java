package dev.ccr.proxy.server;

import dev.ccr.proxy.config.Config;
import dev.ccr.proxy.config.ConfigException;
import dev.ccr.proxy.config.ConfigReader;
import dev.ccr.proxy.config.Limits;
import dev.ccr.proxy.config.Liveness;
import dev.ccr.proxy.metrics.Metrics;
import dev.ccr.proxy.model.Provider;
import dev.ccr.proxy.model.RequestFacts;
import dev.ccr.proxy.model.Route;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Configurations, messages and exchanges for the tests of the handlers. */
final class Samples {

  /** Two providers: {@code chat} speaks OpenAI's format, {@code claude} the Claude API's. */
  static final Snapshot SNAPSHOT = snapshot("");

  private Samples() {}

  /** The two providers, and an APIKEY unless it is empty. */
  static Snapshot snapshot(String apiKey) {
    return Snapshot.of(config(apiKey));
  }

  static Config config(String apiKey) {
    try {
      return ConfigReader.parse(
          "config.json",
          """
          {"APIKEY": "%s",
           "Providers": [
             {"name": "chat", "api_base_url": "https://chat.example/v1/chat/completions",
              "api_key": "chat-key", "models": ["m"]},
             {"name": "claude", "api_base_url": "http://claude.example:8080/v1/messages?api=1",
              "api_key": "claude-key"}],
           "Router": {"default": "chat,m"}}
          """
              .formatted(apiKey),
          Map.of());
    } catch (ConfigException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The two providers, with another limit to bodies. */
  static Snapshot snapshotWithBodyLimit(long bytes) {
    Config config = config("");
    Limits limits = config.limits();
    return Snapshot.of(
        config.toBuilder().limits(limits.toBuilder().requestBodyBytes(bytes).build()).build());
  }

  /** The two providers, with other times for pings and comments. */
  static Snapshot snapshotWith(Liveness liveness) {
    return Snapshot.of(config("").toBuilder().liveness(liveness).build());
  }

  static HttpRequest post(String uri) {
    return new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, uri);
  }

  static HttpResponse response(int status) {
    return new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status));
  }

  /** A piece of a body, to be released by whoever gets it. */
  static HttpContent content(String text) {
    return new DefaultHttpContent(bytes(text));
  }

  static ByteBuf bytes(String text) {
    ByteBuf bytes = ByteBufAllocator.DEFAULT.buffer(Math.max(1, text.length()));
    ByteBufUtil.writeUtf8(bytes, text);
    return bytes;
  }

  /** Decodes and releases. */
  static String take(ByteBuf bytes) {
    String text = bytes.toString(StandardCharsets.UTF_8);
    bytes.release();
    return text;
  }

  /** A log with a request under way. */
  static RequestLog log() {
    RequestLog log = new RequestLog(new Metrics());
    log.begin(post("/v1/messages"), 0);
    return log;
  }

  /** A routed exchange with an empty body. */
  static Exchange exchange(HttpRequest head, String provider, boolean stream) {
    return exchange(SNAPSHOT, head, provider, stream);
  }

  /** As above, with a configuration of choice. */
  static Exchange exchange(
      Snapshot snapshot, HttpRequest head, String provider, boolean stream) {
    Exchange exchange =
        new Exchange(snapshot, head, ByteBufAllocator.DEFAULT.buffer(1), log());
    exchange.route(
        new RequestFacts("m", -1, -1, stream), new Route(provider(provider), "m", "default"));
    return exchange;
  }

  static Target target(String provider) {
    return SNAPSHOT.target(provider(provider));
  }

  private static Provider provider(String name) {
    return SNAPSHOT.targets().keySet().stream()
        .filter(provider -> provider.name().equals(name))
        .findFirst()
        .orElseThrow();
  }
}
