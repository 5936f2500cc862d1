package dev.ccr.cli;

import dev.ccr.cli.files.StateFolder;
import dev.ccr.cli.log.LogReader;
import dev.ccr.cli.terminal.Help;
import dev.ccr.cli.terminal.Problems;
import dev.ccr.cli.terminal.Style;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** {@code ccr logs}: prints a router's log file, which is JSON, as people read it. */
final class LogsCommand implements Callable<Integer> {

  private static final String FOLLOW = "--follow";
  private static final String LINES = "--lines";

  /** How many lines stand before what is added, if nobody says. */
  private static final int FOLLOWED_LINES = 10;

  private final Map<String, String> env;
  private final CommandSpec spec;

  private LogsCommand(Map<String, String> env) {
    this.env = env;
    this.spec = CommandSpec.wrapWithoutInspection(this);
  }

  /** The command's specification. */
  static CommandSpec spec(Map<String, String> env) {
    CommandSpec spec = new LogsCommand(env).spec;
    spec.name("logs");
    Help.addTo(spec);
    spec.usageMessage().description("Prints the log of the service, or FILE, a log of JSON lines.");
    spec.addOption(
        OptionSpec.builder("-f", FOLLOW)
            .description("Go on with what is added, until Ctrl-C.")
            .build());
    spec.addOption(
        OptionSpec.builder("-n", LINES)
            .type(Integer.class)
            .paramLabel("LINES")
            .description("Only the last LINES lines; with -f " + FOLLOWED_LINES + " if not given.")
            .build());
    spec.addPositional(
        PositionalParamSpec.builder()
            .index("0")
            .type(String.class)
            .paramLabel("FILE")
            .arity("0..1")
            .description("Another log.")
            .build());
    return spec;
  }

  @Override
  public Integer call() {
    ParseResult parsed = spec.commandLine().getParseResult();
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    boolean follow = parsed.hasMatchedOption(FOLLOW);
    int count = parsed.matchedOptionValue(LINES, follow ? FOLLOWED_LINES : LogReader.ALL);
    if (parsed.hasMatchedOption(LINES) && count < 0) {
      throw new ParameterException(
          spec.commandLine(), LINES + ": " + count + " (expected: 0 or more)");
    }
    Path file = file(parsed.matchedPositionalValue(0, ""));
    if (!Files.exists(file)) {
      err.println(file + ": no log yet");
      err.println("A router in the foreground logs to its terminal, the service to this file.");
      return ExitCode.SOFTWARE;
    }
    LogReader reader = new LogReader(file, Style.of(env), out);
    try {
      if (follow) {
        reader.follow(count);
      } else {
        reader.print(count);
      }
      return ExitCode.OK;
    } catch (InterruptedException e) {
      return ExitCode.OK;
    } catch (IOException e) {
      return Problems.print(e, err);
    }
  }

  private Path file(String name) {
    try {
      return name.isEmpty() ? StateFolder.of(env).log() : Path.of(name);
    } catch (InvalidPathException e) {
      throw new ParameterException(spec.commandLine(), name + ": not a path");
    }
  }
}
