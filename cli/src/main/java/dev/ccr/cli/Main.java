package dev.ccr.cli;

import dev.ccr.cli.config.ConfigCommand;
import dev.ccr.proxy.server.Version;
import java.io.InputStream;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** The command {@code ccr}. */
public final class Main {

  private Main() {}

  /** Runs the command line and exits with its code. */
  public static void main(String[] args) {
    System.exit(commandLine(System.getenv(), System.in).execute(args));
  }

  /**
   * The whole command line.
   *
   * @param env the environment that commands see
   * @param in where commands that ask get their answers
   */
  static CommandLine commandLine(Map<String, String> env, InputStream in) {
    CommandSpec spec =
        CommandSpec.create()
            .name("ccr")
            .mixinStandardHelpOptions(true)
            .version("ccr " + Version.TEXT);
    spec.usageMessage()
        .description("Claude Code Router: answers the Claude API from the provider of your choice.")
        .footer(
            "",
            "Configuration: $CCR_CONFIG_PATH, else ~/.claude-code-router/config.json",
            "Exit codes: 0 success, 1 failure, 2 wrong usage");
    spec.addSubcommand("start", StartCommand.spec(env));
    spec.addSubcommand("route", RouteCommand.spec(env));
    spec.addSubcommand("config", ConfigCommand.spec(env, in));
    spec.addSubcommand("demo", DemoCommand.spec());
    return new CommandLine(spec);
  }
}
