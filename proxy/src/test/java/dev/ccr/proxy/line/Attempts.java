package dev.ccr.proxy.line;

import dev.ccr.proxy.config.Config;
import dev.ccr.proxy.config.ConfigException;
import dev.ccr.proxy.config.ConfigReader;
import dev.ccr.proxy.mock.MockRequest;
import dev.ccr.proxy.mock.MockUpstream;
import dev.ccr.proxy.mock.Reply;
import dev.ccr.proxy.mock.ReplyBuilder;
import dev.ccr.proxy.testing.Chat;
import dev.ccr.proxy.testing.Router;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Providers {@code a}, {@code b}, {@code c} and {@code claude} at one mock, which answers each of
 * them by a script of its own, and {@code down}, where nobody listens. Default is {@code a,m}.
 */
final class Attempts implements AutoCloseable {

  private final Map<String, Queue<String>> scripts = new ConcurrentHashMap<>();
  private final Queue<String> asked = new ConcurrentLinkedQueue<>();
  final MockUpstream upstream = MockUpstream.start(this::reply);
  private final int closedPort;

  Attempts() {
    MockUpstream gone = MockUpstream.start(request -> Reply.closeAtOnce());
    closedPort = gone.port();
    gone.close();
  }

  /** What a provider answers, one word a request: {@code a: 503 ok, b: ok}. */
  Attempts answers(String script) {
    for (String provider : script.split(", *", -1)) {
      String[] parts = provider.split(": *", 2);
      scripts
          .computeIfAbsent(parts[0], name -> new ConcurrentLinkedQueue<>())
          .addAll(List.of(parts[1].split(" ", -1)));
    }
    return this;
  }

  /** Who was asked with which key, in their order; forgotten with that. */
  String asked() {
    String text = String.join(" ", asked);
    asked.clear();
    return text;
  }

  /**
   * The configuration.
   *
   * @param keys how many {@code a} has
   * @param fields more of it, each with a comma in front
   */
  Config config(int keys, String fields) {
    String own =
        IntStream.rangeClosed(1, keys).mapToObj(i -> "'" + i + "'")
            .collect(Collectors.joining(", "));
    return parsed(
        "{'APIKEY': '" + Router.KEY + "', 'Providers': ["
            + provider("a", upstream.url("/a/v1/chat/completions"), own) + ", "
            + provider("b", upstream.url("/b/v1/chat/completions"), "'1'") + ", "
            + provider("c", upstream.url("/c/v1/chat/completions"), "'1'") + ", "
            + provider("claude", upstream.url("/claude/v1/messages"), "'1'") + ", "
            + provider("down", "http://127.0.0.1:" + closedPort + "/v1/chat/completions", "'1'")
            + "], 'Router': {'default': 'a,m'}" + fields + "}");
  }

  /** A configuration with nobody but {@code claude}. */
  Config claude(String keys) {
    return parsed(
        "{'APIKEY': '" + Router.KEY + "', 'Providers': ["
            + provider("claude", upstream.url("/claude/v1/messages"), keys)
            + "], 'Router': {'default': 'claude,m'}}");
  }

  private static Config parsed(String text) {
    try {
      return ConfigReader.parse("test.json", text, Map.of("CCR_PORT", "0"));
    } catch (ConfigException e) {
      throw new IllegalStateException(String.join("\n", e.problems()), e);
    }
  }

  private static String provider(String name, String url, String keys) {
    return "{'name': '" + name + "', 'api_base_url': '" + url + "', 'api_key': [" + keys + "]}";
  }

  private Reply reply(MockRequest request) {
    String provider = request.path().split("/", -1)[1];
    String key = request.headers().get("authorization", request.headers().get("x-api-key", ""));
    asked.add(provider + key.replace("Bearer ", ""));
    String word = scripts.getOrDefault(provider, new ConcurrentLinkedQueue<>()).poll();
    return reply(provider, word == null ? "none" : word);
  }

  private static Reply reply(String provider, String word) {
    return switch (word) {
      case "ok" ->
          provider.equals("claude")
              ? Reply.sse(
                  List.of(
                      "event: message_start\ndata: {\"type\":\"message_start\",\"message\":"
                          + "{\"id\":\"m\",\"usage\":{\"input_tokens\":1}}}\n\n",
                      "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n"))
              : Reply.sse(List.of(Chat.text("by " + provider), Chat.STOP, Chat.DONE));
      case "lost" -> Reply.closeAtOnce();
      case "reset" -> Reply.resetAtOnce();
      case "half" -> Reply.raw("HTTP/1.1 2").close();
      case "interim" -> Reply.raw("HTTP/1.1 103 Early Hints\r\n\r\n").close();
      case "empty" -> Reply.sse().end();
      case "html" ->
          Reply.status(200).header("content-type", "text/html").chunk("<html>").end();
      case "error" ->
          Reply.sse().chunk("data: {\"error\":{\"message\":\"no\",\"code\":503}}\n\n").end();
      case "cut" -> Reply.sse().chunk(Chat.text("by " + provider)).close();
      case "silence" -> Reply.silence();
      default -> status(provider, word);
    };
  }

  /** {@code 429/7} says {@code retry-after: 7}; the body of {@code 503~} has no end. */
  private static Reply status(String provider, String word) {
    if (!Character.isDigit(word.charAt(0))) {
      throw new IllegalStateException(provider + ": " + word);
    }
    int status = Integer.parseInt(word.substring(0, 3));
    String body = "{\"error\": {\"message\": \"" + provider + " says " + status + "\"}}";
    ReplyBuilder reply =
        Reply.status(status).header("content-type", "application/json").header("x-of", provider);
    if (word.startsWith("/", 3)) {
      reply.header("retry-after", word.substring(4));
    }
    if (word.endsWith("~")) { // endless: nobody waits for the end of an answer that is dropped
      return reply.endless("x".repeat(10_000));
    }
    return reply.header("content-length", Integer.toString(body.length())).chunk(body).end();
  }

  @Override
  public void close() {
    upstream.close();
  }
}
