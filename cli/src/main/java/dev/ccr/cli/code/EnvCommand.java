package dev.ccr.cli.code;

import dev.ccr.cli.terminal.Help;
import dev.ccr.cli.terminal.Problems;
import dev.ccr.cli.terminal.RouterUrl;
import dev.ccr.proxy.config.Config;
import dev.ccr.proxy.config.ConfigException;
import dev.ccr.proxy.config.ConfigReader;
import java.io.File;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.TypeConversionException;

/** {@code ccr env}: the commands for a shell after which Claude Code talks to the router. */
public final class EnvCommand implements Callable<Integer> {

  private static final String SHELL = "--shell";

  private final Map<String, String> env;
  private final CommandSpec spec = CommandSpec.wrapWithoutInspection(this);

  private EnvCommand(Map<String, String> env) {
    this.env = env;
  }

  /** The command's specification. */
  public static CommandSpec spec(Map<String, String> env) {
    CommandSpec spec = new EnvCommand(env).spec;
    spec.name("env").aliases("activate");
    Help.addTo(spec);
    spec.usageMessage()
        .description(
            "Prints commands that let Claude Code, started in the same shell, talk to the router:",
            "  eval \"$(ccr env)\"",
            "  ccr env --shell fish | source",
            "  ccr env --shell powershell | Out-String | Invoke-Expression",
            "They hold the APIKEY. What you have set yourself, such as a timeout, is kept.");
    spec.addOption(
        OptionSpec.builder("-s", SHELL)
            .paramLabel("SHELL")
            .type(Shell.class)
            .converters(EnvCommand::shell)
            .completionCandidates(Shell.names())
            .description(
                "Whose commands: ${COMPLETION-CANDIDATES}. Without it sh, on Windows powershell.")
            .build());
    return spec;
  }

  private static Shell shell(String name) {
    return Shell.of(name)
        .orElseThrow(
            () ->
                new TypeConversionException(
                    name + " (expected: " + String.join(", ", Shell.names()) + ")"));
  }

  @Override
  public Integer call() {
    PrintWriter err = spec.commandLine().getErr();
    try {
      Path file = ConfigReader.defaultPath(env);
      try {
        return print(ConfigReader.read(file, env));
      } catch (ConfigException e) {
        return Problems.print(e, file, "it tells where the router is", err);
      }
    } catch (ConfigException e) { // the path itself
      return Problems.print(e, err);
    }
  }

  private int print(Config config) {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    int port = config.server().port();
    if (port == 0) {
      err.println("CCR_PORT: 0 (expected: the port on which the router answers)");
      return ExitCode.SOFTWARE;
    }
    ClaudeEnvironment claude =
        ClaudeEnvironment.of(config, env, RouterUrl.of(config.server().host(), port));
    Shell preset = File.separatorChar == '\\' ? Shell.POWERSHELL : Shell.SH;
    Shell shell = spec.commandLine().getParseResult().matchedOptionValue(SHELL, preset);
    for (Map.Entry<String, String> each : claude.set().entrySet()) {
      if (!shell.takes(each.getValue())) {
        err.println(
            each.getKey() + ": its value (expected: one that can be said to " + shell + ")");
        err.println("Let another shell start Claude Code, or choose another value.");
        return ExitCode.SOFTWARE;
      }
    }
    out.print(shell.script(claude.set(), claude.unset()));
    out.flush();
    return ExitCode.OK;
  }
}
