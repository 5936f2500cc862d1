package dev.ccr.cli;

import dev.ccr.cli.terminal.Help;
import dev.ccr.cli.terminal.Problems;
import dev.ccr.proxy.config.Config;
import dev.ccr.proxy.config.ConfigException;
import dev.ccr.proxy.config.ConfigReader;
import dev.ccr.proxy.config.ProviderConfig;
import dev.ccr.proxy.json.JsonSyntaxException;
import dev.ccr.proxy.model.RequestException;
import dev.ccr.proxy.model.RequestFacts;
import dev.ccr.proxy.model.Route;
import dev.ccr.proxy.route.RequestHeaders;
import dev.ccr.proxy.route.RequestScan;
import dev.ccr.proxy.route.Router;
import dev.ccr.proxy.route.Tokens;
import dev.ccr.proxy.route.Trace;
import dev.ccr.proxy.tokens.CounterLimits;
import dev.ccr.proxy.tokens.InputMeter;
import dev.ccr.proxy.tokens.TokenCount;
import dev.ccr.proxy.tokens.TokenCounter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;

/**
 * {@code ccr route}: says where the router would send a request, and with {@code --explain} why,
 * rule by rule. Nothing is sent.
 */
final class RouteCommand implements Callable<Integer> {

  private static final String EXPLAIN = "--explain";
  private static final String HEADER = "--header";

  /** Nobody waits behind this one: it may take its time. */
  private static final CounterLimits COUNTING =
      new CounterLimits(1, 1, Duration.ofMinutes(1), 64 << 20, 1024);

  private final Map<String, String> env;
  private final CommandSpec spec;

  private RouteCommand(Map<String, String> env) {
    this.env = env;
    this.spec = CommandSpec.wrapWithoutInspection(this);
  }

  /** The command's specification. */
  static CommandSpec spec(Map<String, String> env) {
    CommandSpec spec = new RouteCommand(env).spec;
    spec.name("route");
    Help.addTo(spec);
    spec.usageMessage()
        .description(
            "Says where a request would go. FILE holds the JSON that a client posts to"
                + " /v1/messages; - is standard input. Nothing is sent.");
    spec.addOption(
        OptionSpec.builder("-e", EXPLAIN).description("Say of each rule why.").build());
    spec.addOption(
        OptionSpec.builder("-H", HEADER)
            .type(List.class)
            .auxiliaryTypes(String.class)
            .paramLabel("'NAME: VALUE'")
            .description("A header of the request; may be repeated.")
            .build());
    spec.addPositional(
        PositionalParamSpec.builder()
            .index("0")
            .type(String.class)
            .paramLabel("FILE")
            .arity("1")
            .required(true)
            .description("The request.")
            .build());
    return spec;
  }

  @Override
  public Integer call() throws InterruptedException {
    PrintWriter err = spec.commandLine().getErr();
    String file = spec.commandLine().getParseResult().matchedPositionalValue(0, "");
    Config config;
    try {
      Path path = ConfigReader.defaultPath(env);
      try {
        config = ConfigReader.read(path, env);
      } catch (ConfigException e) {
        return Problems.print(e, path, "anything can be routed", err);
      }
    } catch (ConfigException e) { // the path itself
      return Problems.print(e, err);
    }
    Problems.warn(config, err);
    try {
      ByteBuf body = Unpooled.wrappedBuffer(read(file));
      try {
        return route(config, body);
      } finally {
        body.release();
      }
    } catch (IOException | InvalidPathException e) {
      err.println(file + ": cannot be read (expected: a file with a request, or -)");
    } catch (RequestException | JsonSyntaxException e) {
      err.println(e.getMessage());
    }
    return ExitCode.SOFTWARE;
  }

  private int route(Config config, ByteBuf body)
      throws RequestException, JsonSyntaxException, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    Router router =
        new Router(
            config.providers().stream().map(ProviderConfig::provider).toList(), config.routes());
    RequestFacts facts = new RequestScan().scan(body, router.wantsTools());
    TokenCount count = count(body);
    Trace trace = new Trace();
    RequestException refusal = null;
    Route route = null;
    try {
      route = router.explain(facts, headers(), Tokens.of(count.tokens()), trace);
    } catch (RequestException e) {
      refusal = e;
    }
    if (spec.commandLine().getParseResult().hasMatchedOption(EXPLAIN)) {
      out.printf(
          "request      model %s, %s%d input tokens%n",
          facts.model() == null ? "none" : facts.model(),
          count.exact() ? "" : "about ",
          count.tokens());
      for (Trace.Step step : trace.steps()) {
        out.printf("%-12s %-4s %s%n", step.rule(), step.decided() ? "yes" : "no", step.why());
      }
    }
    if (route == null) {
      throw refusal == null ? RequestException.invalid("no rule decided") : refusal;
    }
    out.printf("%-12s %s,%s%n", route.rule(), route.provider().name(), route.model());
    return ExitCode.OK;
  }

  private static TokenCount count(ByteBuf body) throws JsonSyntaxException, InterruptedException {
    try (TokenCounter counter = new TokenCounter(COUNTING)) {
      CompletableFuture<TokenCount> counted = new CompletableFuture<>();
      counter.count(body, new InputMeter().measure(body), Runnable::run, counted::complete);
      return counted.join();
    }
  }

  private RequestHeaders headers() {
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    List<String> given =
        spec.commandLine().getParseResult().matchedOptionValue(HEADER, new ArrayList<>());
    for (String header : given) {
      int colon = header.indexOf(':');
      if (colon < 1) {
        throw new ParameterException(
            spec.commandLine(), HEADER + ": " + header + " (expected: 'NAME: VALUE')");
      }
      headers.put(header.substring(0, colon).strip(), header.substring(colon + 1).strip());
    }
    return headers::get;
  }

  private static byte[] read(String file) throws IOException {
    return file.equals("-") ? System.in.readAllBytes() : Files.readAllBytes(Path.of(file));
  }
}
