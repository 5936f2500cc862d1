package dev.ccr.cli.models;

import dev.ccr.cli.config.Environment;
import dev.ccr.cli.files.PrivateFile;
import dev.ccr.cli.terminal.Help;
import dev.ccr.cli.terminal.Problems;
import dev.ccr.cli.terminal.Prompter;
import dev.ccr.proxy.config.Config;
import dev.ccr.proxy.config.ConfigException;
import dev.ccr.proxy.config.ConfigReader;
import dev.ccr.proxy.config.RouteEdit;
import dev.ccr.proxy.model.ModelRef;
import dev.ccr.proxy.model.Scenario;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.TypeConversionException;

/** {@code ccr model}: chooses the model of a route, in the file of the configuration. */
public final class ModelCommand implements Callable<Integer> {

  private final Map<String, String> env;
  private final InputStream in;
  private final CommandSpec spec = CommandSpec.wrapWithoutInspection(this);

  private ModelCommand(Map<String, String> env, InputStream in) {
    this.env = Environment.withoutOverrides(env);
    this.in = in;
  }

  /**
   * The command's specification.
   *
   * @param in where answers to questions come from
   */
  public static CommandSpec spec(Map<String, String> env, InputStream in) {
    CommandSpec spec = new ModelCommand(env, in).spec;
    spec.name("model");
    Help.addTo(spec);
    spec.usageMessage()
        .description(
            "Chooses the model of a route, and writes it into the configuration, where nothing else"
                + " changes. Asks for what is not said. A router that runs reads it by itself.");
    List<String> routes = Arrays.stream(Scenario.values()).map(Scenario::key).toList();
    spec.addPositional(
        PositionalParamSpec.builder()
            .index("0")
            .arity("0..1")
            .paramLabel("ROUTE")
            .type(Scenario.class)
            .converters(ModelCommand::route)
            .completionCandidates(routes)
            .description("One of " + String.join(", ", routes) + ".")
            .build());
    spec.addPositional(
        PositionalParamSpec.builder()
            .index("1")
            .arity("0..1")
            .paramLabel("MODEL")
            .type(String.class)
            .description("provider,model; or none.")
            .build());
    return spec;
  }

  private static Scenario route(String name) {
    return find(name)
        .orElseThrow(
            () ->
                new TypeConversionException(
                    name + " (expected: one of "
                        + String.join(", ", Arrays.stream(Scenario.values())
                            .map(Scenario::key).toList()) + ")"));
  }

  private static Optional<Scenario> find(String name) {
    String normal = normal(name);
    return Arrays.stream(Scenario.values())
        .filter(scenario -> normal(scenario.key()).equals(normal))
        .findFirst();
  }

  /** As the configuration takes its keys. */
  private static String normal(String name) {
    return name.toLowerCase(Locale.ROOT).replace("_", "").replace("-", "");
  }

  @Override
  public Integer call() {
    PrintWriter err = spec.commandLine().getErr();
    try {
      Path file = ConfigReader.defaultPath(env);
      Config config;
      try {
        config = ConfigReader.read(file, env);
      } catch (ConfigException e) {
        return Problems.print(e, file, "a model can be chosen", err);
      }
      return choose(config, file);
    } catch (ConfigException e) {
      return Problems.print(e, err);
    } catch (IOException e) {
      return Problems.print(e, err);
    }
  }

  private int choose(Config config, Path file) throws ConfigException, IOException {
    @Nullable Scenario route = spec.commandLine().getParseResult().matchedPositionalValue(0, null);
    @Nullable String model = spec.commandLine().getParseResult().matchedPositionalValue(1, null);
    if (route == null || model == null) {
      Questions questions =
          new Questions(config, new Prompter(in, spec.commandLine().getOut()), out());
      route = route == null ? questions.route() : route;
      Scenario chosen = route;
      model = questions.model(chosen, answer -> problem(file, chosen, answer));
    }
    String target = Questions.target(model);
    String problem = problem(file, route, target);
    if (!problem.isEmpty()) {
      spec.commandLine().getErr().println(problem);
      return ExitCode.SOFTWARE;
    }
    return write(config, file, route, target);
  }

  /** What the router would say about it, or nothing; without a line, which is not written yet. */
  private String problem(Path file, Scenario route, String target) {
    try {
      RouteEdit.set(file, Files.readString(file), route, target, env);
      return "";
    } catch (ConfigException e) {
      return String.join("; ", e.problems()).replaceFirst("^[^:]*:(\\d+:)? ", "");
    } catch (IOException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private int write(Config config, Path file, Scenario route, String target)
      throws ConfigException, IOException {
    String text = Files.readString(file); // anew: it may have changed since the question
    String changed = RouteEdit.set(file, text, route, target, env);
    String says = "Router." + route.key() + " is " + (target.isEmpty() ? "not set" : target);
    if (changed.equals(text)) {
      out().println(says + " already. Nothing was changed.");
      return ExitCode.OK;
    }
    ModelRef before = config.routes().target(route);
    PrivateFile.write(file, changed);
    out().println(
        says + " now, in " + file + " (it was " + (before == null ? "not set" : before) + ")");
    return ExitCode.OK;
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
