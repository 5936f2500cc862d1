package dev.ccr.cli.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import dev.ccr.proxy.ProxyServer;
import dev.ccr.proxy.config.ConfigReader;
import dev.ccr.proxy.config.LogLevel;
import dev.ccr.proxy.mock.MockRequest;
import dev.ccr.proxy.mock.MockUpstream;
import dev.ccr.proxy.mock.Reply;
import dev.ccr.proxy.mock.Scenarios;
import dev.ccr.proxy.mock.Script;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** What a whole router logs: that it is there, and that no secret is. */
final class RouterLogTest {

  private static final String CLIENT_KEY = "canary-client-key-5e1f";
  private static final String PROVIDER_KEY = "canary-provider-key-77ab";
  private static final String WRONG_KEY = "canary-wrong-key-9d02";
  private static final String HEADER = "canary-header-31c4";
  private static final String PROMPT = "canary-prompt-a8b9";

  private static final Pattern STRING_OR_NUMBER =
      Pattern.compile("\"(\\w+)\":(\"(?:[^\"\\\\]|\\\\.)*\"|[-\\d.E]+)");

  @TempDir private Path folder = Path.of("unset");

  @AfterEach
  void closeFiles() throws IOException {
    Logging.toFile(folder.resolve("the-next-one"));
    Logging.level(LogLevel.WARN);
  }

  /** A router in front of an upstream, and all that the two have let out. */
  private final class Scene implements AutoCloseable {

    private final MockUpstream upstream;
    private final ProxyServer router;
    private final HttpClient client = HttpClient.newHttpClient();
    private final Path file = folder.resolve("ccr.log");
    private final PrintStream before = System.err;
    private final ByteArrayOutputStream console = new ByteArrayOutputStream();

    Scene(Script script) throws Exception {
      System.setErr(new PrintStream(console, true, StandardCharsets.UTF_8));
      Logging.toFile(file);
      upstream = MockUpstream.start(script);
      router =
          ProxyServer.start(
              ConfigReader.parse(
                  "config.json",
                  """
                  {"HOST": "127.0.0.1", "APIKEY": "%s", "errors": "claude",
                   "Providers": [
                     {"name": "chat", "api_base_url": "%s?key=%s", "api_key": "%s",
                      "models": ["hello"]},
                     {"name": "claude", "api_base_url": "%s", "api_key": "%s"}],
                   "Router": {"default": "chat,hello", "think": "claude,deep",
                              "rules": [{"header": {"x-team": "blue*"}, "to": "chat,blue"}]}}
                  """
                      .formatted(
                          CLIENT_KEY,
                          upstream.url("/v1/chat/completions"),
                          PROVIDER_KEY,
                          PROVIDER_KEY,
                          upstream.url("/v1/messages"),
                          PROVIDER_KEY),
                  Map.of("CCR_PORT", "0")));
    }

    HttpRequest.Builder request(String path) {
      return HttpRequest.newBuilder(
              URI.create("http://127.0.0.1:" + router.address().getPort() + path))
          .timeout(Duration.ofSeconds(60));
    }

    String get(String path) throws Exception {
      return client.send(request(path).build(), HttpResponse.BodyHandlers.ofString()).body();
    }

    HttpResponse<String> post(HttpRequest.Builder request, String body) throws Exception {
      return client.send(
          request.POST(HttpRequest.BodyPublishers.ofString(body)).build(),
          HttpResponse.BodyHandlers.ofString());
    }

    /** Sends what no HTTP client does; gives all that comes back. */
    String raw(String octets) throws IOException {
      try (Socket socket = new Socket()) {
        socket.setSoTimeout(60_000);
        socket.connect(router.address());
        socket.getOutputStream().write(octets.getBytes(StandardCharsets.US_ASCII));
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      }
    }

    /** Closes the router; gives the lines of the file. */
    List<String> end() throws IOException {
      router.close();
      Logging.toFile(folder.resolve("other"));
      return Files.readAllLines(file);
    }

    /** All that has been written there: its thread may be behind. */
    String consoleToItsEnd() {
      String end = "the end of the console";
      LoggerFactory.getLogger("test").error(end);
      long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
      while (!console.toString(StandardCharsets.UTF_8).contains(end)) {
        assertTrue(System.nanoTime() < deadline, "the console's thread is alive");
        Thread.onSpinWait();
      }
      return console.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
      System.setErr(before);
      router.close();
      upstream.close();
      client.close();
    }
  }

  private static String chat(String model, boolean stream) {
    return "{\"model\":\"" + model + "\",\"max_tokens\":9,\"stream\":" + stream
        + ",\"messages\":[{\"role\":\"user\",\"content\":\"" + PROMPT + "\"}]}";
  }

  /** The scalar fields of an entry. */
  private static Map<String, String> fields(String line) {
    Map<String, String> fields = new LinkedHashMap<>();
    Matcher field = STRING_OR_NUMBER.matcher(line);
    while (field.find()) {
      fields.put(field.group(1), field.group(2).replaceAll("^\"|\"$", ""));
    }
    return fields;
  }

  private static Map<String, String> entry(List<String> lines, String part) {
    List<String> found = lines.stream().filter(line -> line.contains(part)).toList();
    assertEquals(1, found.size(), () -> part + " in:\n" + String.join("\n", lines));
    return fields(found.getFirst());
  }

  @Test
  void aRequestIsAnEntryWithItsFieldsAndTheEndSumsUp() throws Exception {
    Logging.level(LogLevel.INFO);
    try (Scene scene = new Scene(new Scenarios())) {
      String session = "0f8e-session";
      HttpRequest.Builder request =
          scene
              .request("/v1/messages?beta=true")
              .header("x-api-key", CLIENT_KEY)
              .header("x-claude-code-session-id", session)
              .header("x-claude-code-agent-id", "explore-1" + "x".repeat(500));
      assertEquals(200, scene.post(request, chat("chat,hello", true)).statusCode());
      assertEquals(401, scene.post(scene.request("/v1/messages"), "{}").statusCode());
      List<String> lines = scene.end();

      Map<String, String> done = entry(lines, "\"status\":200,");
      assertEquals("ccr.access", done.get("logger"));
      assertEquals("INFO", done.get("level"));
      assertTrue(done.getOrDefault("request_id", "").startsWith("req_"), done::toString);
      assertEquals("POST", done.get("method"));
      assertEquals("/v1/messages", done.get("path"));
      assertEquals("done", done.get("outcome"));
      assertEquals("3159d688", done.get("client_key"), "printf %s KEY | sha256sum | head -c 8");
      assertEquals(session, done.get("session_id"));
      assertEquals(64, done.getOrDefault("agent_id", "").length());
      assertEquals("explicit", done.get("rule"));
      assertEquals("chat", done.get("provider"));
      assertEquals("hello", done.get("model"));
      assertEquals("200", done.get("upstream_status"));
      assertEquals("new", done.get("connection"));
      assertEquals(
          String.valueOf(chat("chat,hello", true).length()), done.get("bytes_in"));
      for (String figure :
          List.of(
              "input_tokens",
              "output_tokens",
              "bytes_out",
              "request_overhead_ms",
              "response_overhead_ms",
              "first_event_ms",
              "duration_ms")) {
        assertTrue(Double.parseDouble(done.getOrDefault(figure, "-1")) > 0, figure);
      }
      for (String figure : List.of("cache_read_tokens", "cache_write_tokens")) {
        assertTrue(Double.parseDouble(done.getOrDefault(figure, "-1")) >= 0, figure);
      }

      Map<String, String> refused = entry(lines, "\"status\":401,");
      assertEquals("authentication_error", refused.get("outcome"));
      assertFalse(refused.containsKey("client_key"), "a key that is none has no name");

      Map<String, String> summary = entry(lines, "\"logger\":\"ccr.metrics\"");
      assertTrue(
          summary.getOrDefault("message", "").startsWith("2 requests (200: 1, 401: 1), median "),
          summary::toString);
      assertEquals("2", summary.get("requests"));
      assertEquals("0", summary.get("in_flight"));
      assertEquals("", summary.get("errors"));
      assertEquals(done.get("output_tokens"), summary.get("output_tokens"));

      String paper = Files.readString(Path.of("../docs/observability.md"));
      for (Map<String, String> entry : List.of(done, refused, summary)) {
        entry.keySet().forEach(name -> assertTrue(paper.contains("`" + name + "`"), name));
      }
    }
  }

  /** Answers in all the ways in which an upstream can give away what it was told. */
  private static Reply quoting(MockRequest request) {
    String quote = "no such key: " + PROVIDER_KEY + " for " + PROMPT;
    String model = request.body().replaceFirst("(?s).*?\"model\":\"([^\"]*)\".*", "$1");
    return switch (model) {
      case "error-event" ->
          Reply.sse(
              List.of(
                  "data: {\"error\":{\"message\":\"" + quote + "\",\"code\":401,\"type\":\""
                      + PROVIDER_KEY + "\"}}\n\n"));
      case "cut" ->
          Reply.sse(
              List.of(
                  "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" + PROMPT
                      + "\"}}]}\n\n"));
      case "page" -> Reply.status(200).header("content-type", "text/html").chunk(quote).end();
      case "refused" ->
          Reply.status(401).header("x-quote", quote).chunk("{\"error\":\"" + PROMPT + "\"}").end();
      case "gone" -> Reply.closeAtOnce();
      default ->
          Reply.sse(
              List.of(
                  "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" + PROMPT
                      + "\"},\"finish_reason\":\"stop\"}]}\n\n",
                  "data: [DONE]\n\n"));
    };
  }

  @ParameterizedTest
  @ValueSource(strings = {"TRACE", "DEBUG", "INFO", "WARN", "ERROR"})
  void noKeyAndNothingOfAConversationIsLetOut(String level) throws Exception {
    LogLevel chosen = LogLevel.parse(level);
    Logging.level(chosen == null ? LogLevel.ERROR : chosen);
    if (level.equals("TRACE")) { // a router cannot be asked for as much
      ((ch.qos.logback.classic.Logger) LoggerFactory.getLogger("ROOT")).setLevel(Level.TRACE);
    }
    Map<String, String> out = new LinkedHashMap<>();
    try (Scene scene = new Scene(RouterLogTest::quoting)) {
      for (String model :
          List.of("error-event", "cut", "page", "refused", "gone", "fine", "claude,fine", "x,y")) {
        for (boolean stream : new boolean[] {true, false}) {
          HttpRequest.Builder request =
              scene
                  .request("/v1/messages?token=" + HEADER)
                  .header("authorization", "Bearer " + WRONG_KEY)
                  .header("x-api-key", CLIENT_KEY)
                  .header("x-team", HEADER)
                  .header("cookie", "session=" + HEADER);
          String named = model.indexOf(',') < 0 ? "chat," + model : model;
          String answer = scene.post(request, chat(named, stream)).body();
          // What an upstream says of a conversation is its client's; of our key it is nobody's.
          out.put("answer to " + model + " " + stream, answer.replace(PROMPT, ""));
        }
      }
      HttpRequest.Builder wrong =
          scene.request("/v1/messages").header("x-api-key", WRONG_KEY).header("a", HEADER);
      out.put("answer to a wrong key", scene.post(wrong, chat("m", false)).body());
      HttpRequest.Builder right = scene.request("/v1/messages").header("x-api-key", CLIENT_KEY);
      out.put("answer to no JSON", scene.post(right, "{\"model\":" + PROMPT).body());
      out.put("answer to no messages", scene.post(right, "{\"model\":\"m\"}").body());
      for (String head :
          List.of(
              "GET /?token=" + HEADER + " HTTP/1.1\r\nx-api-key : " + CLIENT_KEY,
              "GET /?token=" + HEADER + " HTTP/1.1\r\nhost: u:" + WRONG_KEY + "@localhost",
              "GET ftp://u:" + WRONG_KEY + "@h/?token=" + HEADER + " HTTP/1.1\r\nhost: h",
              "GET /?token=" + HEADER + " HTTP/1.0\r\nhost: evil.example\r\ncookie: " + HEADER)) {
        out.put("answer to " + head.length() + " octets", scene.raw(head + "\r\n\r\n"));
      }
      out.put("/health", scene.get("/health"));
      out.put("/metrics", scene.get("/metrics"));
      List<String> lines = scene.end();
      out.put("the file", String.join("\n", lines));
      out.put("the console", scene.consoleToItsEnd());
      if (chosen == LogLevel.DEBUG) {
        assertTrue(lines.stream().anyMatch(line -> line.contains("route: ")), "it is verbose");
        assertTrue(lines.stream().anyMatch(line -> line.contains("upstream answers 401")));
        assertTrue(out.getOrDefault("the console", "").contains("upstream answers 401"));
      }
    }
    assertTrue(out.getOrDefault("/metrics", "").contains("ccr_requests_total"), out::toString);
    out.forEach(
        (where, text) -> {
          for (String canary : List.of(CLIENT_KEY, PROVIDER_KEY, WRONG_KEY, HEADER, PROMPT)) {
            assertFalse(text.contains(canary), () -> canary + " in " + where + ":\n" + text);
          }
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"DEBUG", "INFO", "ERROR"})
  void nettysOwnLoggersAreNoMoreTalkativeThanInfo(String level) {
    LogLevel chosen = LogLevel.valueOf(level);
    Logging.level(chosen);
    assertFalse(LoggerFactory.getLogger("io.netty.handler.LoggingHandler").isDebugEnabled());
    assertEquals(chosen == LogLevel.DEBUG, LoggerFactory.getLogger("dev.ccr").isDebugEnabled());
  }
}
