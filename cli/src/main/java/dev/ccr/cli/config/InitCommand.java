package dev.ccr.cli.config;

import dev.ccr.cli.files.PrivateFile;
import dev.ccr.cli.terminal.Help;
import dev.ccr.cli.terminal.Problems;
import dev.ccr.cli.terminal.Prompter;
import dev.ccr.proxy.config.ConfigException;
import dev.ccr.proxy.config.ConfigReader;
import dev.ccr.proxy.config.ConfigWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Collectors;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;

/** {@code ccr config init}: asks for one provider and writes the configuration. */
final class InitCommand implements Callable<Integer> {

  /** What stands in for the answers that are still to come. */
  private static final Answers NONE =
      new Answers("provider", "", "http://localhost/v1/chat/completions", "model", "");

  private record Answers(String name, String key, String url, String model, String apiKey) {

    String text() {
      return ConfigWriter.first(name, key, url, model, apiKey);
    }
  }

  private final Map<String, String> env;
  private final InputStream in;
  private final CommandSpec spec = CommandSpec.wrapWithoutInspection(this);

  private InitCommand(Map<String, String> env, InputStream in) {
    this.env = env;
    this.in = in;
  }

  static CommandSpec spec(Map<String, String> env, InputStream in) {
    CommandSpec spec = new InitCommand(env, in).spec;
    spec.name("init");
    Help.addTo(spec);
    spec.usageMessage()
        .description(
            "Asks for a provider, its key and a model, and writes the configuration. Answers may"
                + " also come from a pipe, a line each.");
    return spec;
  }

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    try {
      Path file = ConfigReader.defaultPath(env);
      if (PrivateFile.isYaml(file)) {
        err.println(file + ": YAML (expected: a name that ends in .json, to write to)");
        return ExitCode.SOFTWARE;
      }
      Prompter prompter = new Prompter(in, out);
      boolean exists = PrivateFile.exists(file);
      if (exists && !prompter.agree(file + " exists. Replace it, and keep a copy?")) {
        out.println("Nothing was changed.");
        return ExitCode.SOFTWARE;
      }
      String text = ask(prompter).text();
      if (exists) {
        out.println("The old configuration is " + PrivateFile.keep(file));
      }
      PrivateFile.write(file, text);
      out.println("The configuration is " + file);
      out.println("Next: ccr start");
      return ExitCode.OK;
    } catch (ConfigException e) {
      return Problems.print(e, err);
    } catch (IOException e) {
      return Problems.print(e, err);
    }
  }

  private Answers ask(Prompter prompter) throws IOException {
    String name =
        prompter.ask(
            "Provider name",
            "openrouter",
            answer -> problem(new Answers(answer, NONE.key, NONE.url, NONE.model, NONE.apiKey)));
    String key =
        prompter.askForKey(
            "API key",
            answer -> problem(new Answers(name, answer, NONE.url, NONE.model, NONE.apiKey)));
    String url =
        prompter.ask(
            "API base URL",
            KnownUrls.of(name),
            answer -> problem(new Answers(name, key, answer, NONE.model, NONE.apiKey)));
    String model =
        prompter.ask(
            "Default model",
            "",
            answer -> problem(new Answers(name, key, url, answer, NONE.apiKey)));
    Function<String, String> check =
        answer -> problem(new Answers(name, key, url, model, answer));
    return new Answers(
        name, key, url, model, prompter.askForKey("Router API key, for clients (optional)", check));
  }

  /** What the router would say about it; never quotes a key. */
  private String problem(Answers answers) {
    try {
      ConfigReader.parse("config.json", answers.text(), Environment.withoutOverrides(env));
      return "";
    } catch (ConfigException e) {
      return e.problems().stream()
          .map(line -> line.replaceFirst("^config\\.json:(\\d+:)? ", ""))
          .collect(Collectors.joining(System.lineSeparator()));
    }
  }
}
