package dev.ccr.cli;

import dev.ccr.cli.terminal.Help;
import dev.ccr.cli.terminal.RouterUrl;
import dev.ccr.proxy.ProxyServer;
import dev.ccr.proxy.config.ConfigException;
import dev.ccr.proxy.config.ConfigReader;
import dev.ccr.proxy.mock.MockUpstream;
import dev.ccr.proxy.mock.Scenarios;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;

/**
 * {@code ccr demo}: sends one request through a router of its own to a small built-in upstream, and
 * shows what comes back. Needs no configuration and no key, and leaves this machine alone.
 */
final class DemoCommand implements Callable<Integer> {

  private static final String REQUEST =
      """
      {"model":"claude-sonnet-4-5","max_tokens":256,"stream":true,
       "messages":[{"role":"user","content":"Hello!"}]}""";

  /** Any free port, whatever the user's environment says. */
  private static final Map<String, String> ENV = Map.of("CCR_PORT", "0");

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final CommandSpec spec = CommandSpec.wrapWithoutInspection(this);

  private DemoCommand() {}

  /** The command's specification. */
  static CommandSpec spec() {
    CommandSpec spec = new DemoCommand().spec;
    spec.name("demo");
    Help.addTo(spec);
    spec.usageMessage()
        .description(
            "Shows one streamed request: router and upstream are built in, nothing is needed.");
    return spec;
  }

  @Override
  public Integer call() throws ConfigException, IOException, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    try (MockUpstream upstream = MockUpstream.start(new Scenarios());
        ProxyServer router = ProxyServer.start(ConfigReader.parse("demo", config(upstream), ENV))) {
      String url = RouterUrl.of(router.address()).toString();
      out.println("upstream  " + upstream.url("/v1/chat/completions") + "  (OpenAI's format)");
      out.println("router    " + url + "/v1/messages  (Claude's format)");
      out.println();
      return send(URI.create(url + "/v1/messages"), out);
    }
  }

  private static String config(MockUpstream upstream) {
    return """
        {"HOST": "127.0.0.1",
         "Providers": [{"name": "demo", "api_base_url": "%s", "api_key": "", "models": ["paced"]}],
         "Router": {"default": "demo,paced"}}
        """
        .formatted(upstream.url("/v1/chat/completions"));
  }

  private static int send(URI url, PrintWriter out) throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      long start = System.nanoTime();
      HttpResponse<Stream<String>> response =
          client.send(
              HttpRequest.newBuilder(url)
                  .timeout(PATIENCE)
                  .header("content-type", "application/json")
                  .POST(HttpRequest.BodyPublishers.ofString(REQUEST))
                  .build(),
              HttpResponse.BodyHandlers.ofLines());
      boolean whole = print(response, start, out);
      out.printf(
          "route     %s -> %s, model %s%n",
          header(response, "x-ccr-route"),
          header(response, "x-ccr-provider"),
          header(response, "x-ccr-model"));
      out.println(whole ? "The stream is whole." : "The stream did not come to its end.");
      out.flush();
      return whole ? ExitCode.OK : ExitCode.SOFTWARE;
    }
  }

  /** Prints the events with their times; returns whether the last one ended the message. */
  private static boolean print(
      HttpResponse<Stream<String>> response, long start, PrintWriter out) {
    boolean whole = false;
    try (Stream<String> lines = response.body()) {
      for (String line : (Iterable<String>) lines::iterator) {
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        out.println(line.startsWith("event:") ? String.format("%5d ms  %s", millis, line) : line);
        out.flush();
        whole = response.statusCode() == 200 && (whole || line.equals("event: message_stop"));
      }
    }
    return whole;
  }

  private static String header(HttpResponse<?> response, String name) {
    return response.headers().firstValue(name).orElse("?");
  }
}
