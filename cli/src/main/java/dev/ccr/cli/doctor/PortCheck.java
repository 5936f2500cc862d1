package dev.ccr.cli.doctor;

import dev.ccr.cli.files.FlatJson;
import dev.ccr.cli.service.ControlProbe;
import dev.ccr.cli.terminal.RouterUrl;
import dev.ccr.proxy.config.Server;
import dev.ccr.proxy.server.Version;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Whether the router's port is free, or a router's already, or somebody else's. */
final class PortCheck {

  private static final String CHECK = "port";
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final int LONGEST_ANSWER = 1 << 16;

  private PortCheck() {}

  static List<Finding> run(Map<String, String> env, Server server) throws InterruptedException {
    if (server.port() == 0) {
      return List.of(Finding.ok(CHECK, "any that is free: CCR_PORT is 0"));
    }
    RouterUrl url = RouterUrl.of(server.host(), server.port());
    try {
      return answered(env, url, health(url));
    } catch (IOException e) {
      return isRefusal(e) ? List.of(bound(server)) : List.of(taken(url));
    }
  }

  /** Whether nobody took the connection. */
  private static boolean isRefusal(@Nullable Throwable e) {
    return e != null
        && (e instanceof ConnectException
            || e instanceof HttpConnectTimeoutException // an address that is not this machine's
            || e instanceof UnknownHostException
            || isRefusal(e.getCause()));
  }

  private static HttpResponse<byte[]> health(RouterUrl url)
      throws IOException, InterruptedException {
    try (HttpClient client =
        HttpClient.newBuilder()
            .proxy(HttpClient.Builder.NO_PROXY)
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENCE)
            .build()) {
      try {
        return client
            .sendAsync(
                HttpRequest.newBuilder(URI.create(url + "/health")).timeout(PATIENCE).build(),
                BodyHandlers.limiting(BodyHandlers.ofByteArray(), LONGEST_ANSWER))
            .get(2 * PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      } catch (IllegalArgumentException e) { // no host of a URL
        throw new UnknownHostException(url.host());
      } catch (ExecutionException | TimeoutException e) {
        throw new IOException(e);
      } finally {
        client.shutdownNow();
      }
    }
  }

  private static List<Finding> answered(
      Map<String, String> env, RouterUrl url, HttpResponse<byte[]> response) {
    Map<String, String> health = FlatJson.readWhatThereIs(response.body());
    String version = health.getOrDefault("version", "");
    if (version.isEmpty() || !health.getOrDefault("status", "").equals("ok")) {
      return List.of(taken(url));
    }
    List<Finding> findings = new ArrayList<>();
    findings.add(Finding.ok(CHECK, "a router answers on " + url));
    switch (ControlProbe.of(env, url.port())) {
      case HEARS -> {}
      case SILENT ->
          findings.add(
              Finding.warning(
                  CHECK,
                  "the router does not answer commands, such as those of ccr status",
                  "Restart it: ccr restart ends it by force if it has to."));
      case NOBODY ->
          findings.add(
              Finding.warning(
                  CHECK,
                  "ccr stop, status and code do not reach that router: it is another user's, or"
                      + " keeps its state elsewhere",
                  "Ask it as the user who started it, or choose another port: CCR_PORT."));
    }
    if (!version.equals(Version.TEXT)) {
      findings.add(
          Finding.warning(
              CHECK,
              "the router that runs is " + version + ", and this is " + Version.TEXT,
              "Restart it."));
    }
    if (health.getOrDefault("config.state", "").equals("rejected")) {
      findings.add(
          Finding.warning(
              CHECK,
              "the router works with an older configuration, since it cannot use the file",
              "Correct the file: ccr config validate says what is wrong."));
    }
    if (health.containsKey("config.needs_restart.[]")) {
      findings.add(
          Finding.warning(
              CHECK, "the configuration has changes that apply after a restart", "Restart it."));
    }
    return findings;
  }

  private static Finding taken(RouterUrl url) {
    return Finding.problem(
        CHECK,
        url + ": held by a program that is no router",
        "Stop that program, or choose another port: PORT or CCR_PORT");
  }

  private static Finding bound(Server server) {
    String place = server.host() + ":" + server.port();
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getByName(server.host()), server.port()), 1);
      return Finding.ok(CHECK, place + " is free");
    } catch (UnknownHostException e) {
      return Finding.problem(
          CHECK, server.host() + ": no such host", "Let HOST be an address of this machine.");
    } catch (IOException e) {
      return Finding.problem(
          CHECK,
          place + ": cannot be listened on: " + e.getMessage(),
          "Let HOST be an address of this machine, and PORT one that you may use.");
    }
  }
}
