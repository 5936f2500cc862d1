package dev.ccr.proxy.testing;

import dev.ccr.proxy.ProxyServer;
import dev.ccr.proxy.config.Config;
import dev.ccr.proxy.config.ConfigException;
import dev.ccr.proxy.config.ConfigReader;
import dev.ccr.proxy.config.ConfigWatcher;
import dev.ccr.proxy.mock.MockUpstream;
import dev.ccr.proxy.upstream.Transport;
import dev.ccr.proxy.upstream.UpstreamTls;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;

/**
 * A router in front of a mock upstream, with a client. Providers: {@code openai} and {@code
 * anthropic}, both at the mock; the default is {@code openai,hello}; the key is {@link #KEY}.
 */
public final class Router implements AutoCloseable {

  public static final String KEY = "client-key-7f3a";
  public static final String PROVIDER_KEY = "sk-canary-provider";

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final ProxyServer server;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private Router(ProxyServer server) {
    this.server = server;
  }

  /** Starts a router in front of {@code upstream}. */
  public static Router start(MockUpstream upstream) {
    return start(upstream, Transport.best(), new UpstreamTls());
  }

  /** Starts a router with more in its configuration: fields, each with a comma behind it. */
  public static Router start(MockUpstream upstream, String fields) {
    return start(upstream, fields, Transport.best(), new UpstreamTls());
  }

  /** Starts a router on a transport of choice. */
  public static Router start(MockUpstream upstream, Transport transport, UpstreamTls tls) {
    return start(upstream, "", transport, tls);
  }

  /** Starts a router with a configuration of choice. */
  public static Router start(Config config) {
    try {
      return new Router(ProxyServer.start(config));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Starts a router with a configuration and a trust of choice. */
  public static Router start(Config config, UpstreamTls tls) {
    try {
      return new Router(ProxyServer.start(config, Transport.best(), tls));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Starts a router with a configuration of choice beside one that shares its port. */
  public static Router startBeside(Config config) {
    try {
      return new Router(ProxyServer.startBeside(config));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Starts a router with a configuration and on a transport of choice. */
  public static Router start(Config config, Transport transport) {
    try {
      return new Router(ProxyServer.start(config, transport, new UpstreamTls()));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Starts a router with more in its configuration, on a transport of choice. */
  public static Router start(
      MockUpstream upstream, String fields, Transport transport, UpstreamTls tls) {
    try {
      return new Router(ProxyServer.start(config(upstream, fields), transport, tls));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Config config(MockUpstream upstream, String fields) {
    String text =
        """
        {%s "HOST": "127.0.0.1", "APIKEY": "%s",
         "Providers": [
           {"name": "openai", "api_base_url": "%s", "api_key": "%s", "models": ["hello"]},
           {"name": "anthropic", "api_base_url": "%s", "api_key": "%s", "models": []}],
         %s}
        """
            .formatted(
                fields,
                KEY,
                upstream.url("/v1/chat/completions"),
                PROVIDER_KEY,
                upstream.url("/v1/messages"),
                PROVIDER_KEY,
                fields.contains("\"Router\"")
                    ? "\"errors\": \"raw\""
                    : "\"Router\": {\"default\": \"openai,hello\"}");
    try {
      return ConfigReader.parse("test.json", text, Map.of("CCR_PORT", "0"));
    } catch (ConfigException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Whoever has to know of a new configuration. */
  public ConfigWatcher.Listener listener() {
    return server;
  }

  /** The server itself, for its end. */
  public ProxyServer server() {
    return server;
  }

  public int port() {
    return server.address().getPort();
  }

  /** Where it speaks TLS. */
  public int tlsPort() {
    return Objects.requireNonNull(server.tlsAddress()).getPort();
  }

  /** A request with the key; change or add what a test needs. */
  public HttpRequest.Builder request(String pathAndQuery) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + pathAndQuery))
        .timeout(PATIENCE)
        .header("x-api-key", KEY)
        .header("content-type", "application/json");
  }

  /** Posts a body to {@code /v1/messages} and reads the whole answer. */
  public HttpResponse<String> post(String body) throws IOException, InterruptedException {
    return post("/v1/messages", body);
  }

  /** Posts a body and reads the whole answer. */
  public HttpResponse<String> post(String pathAndQuery, String body)
      throws IOException, InterruptedException {
    return client.send(
        request(pathAndQuery).POST(HttpRequest.BodyPublishers.ofString(body)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  /** Sends a request with a body handler of choice. */
  public <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler)
      throws IOException, InterruptedException {
    return client.send(request, handler);
  }

  /** What it counts. */
  public Metrics metrics() throws IOException, InterruptedException {
    return new Metrics(
        client
            .send(request("/metrics").build(), HttpResponse.BodyHandlers.ofString())
            .body());
  }

  /** Waits until a figure has a value; see {@link Metrics#await}. */
  public void awaitMetric(String series, double value) throws Exception {
    Metrics.await(this::metrics, series, value);
  }

  /** Waits until no request is under way. */
  public void awaitNothingInFlight() throws Exception {
    awaitMetric("ccr_requests_in_flight", 0);
  }

  /** A plain connection, for what no HTTP client does. */
  public Socket connect() throws IOException {
    Socket socket = new Socket();
    socket.setSoTimeout((int) PATIENCE.toMillis());
    socket.connect(server.address());
    return socket;
  }

  /** The bytes of a request to {@code /v1/messages} with the key. */
  public static byte[] raw(String body) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    return ("POST /v1/messages HTTP/1.1\r\nhost: localhost\r\nx-api-key: " + KEY
            + "\r\ncontent-length: " + bytes.length + "\r\n\r\n" + body)
        .getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    client.close();
    server.close();
  }
}
