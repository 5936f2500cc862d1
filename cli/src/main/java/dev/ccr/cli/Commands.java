package dev.ccr.cli;

import dev.ccr.cli.code.CodeCommand;
import dev.ccr.cli.code.EnvCommand;
import dev.ccr.cli.completion.CompletionCommand;
import dev.ccr.cli.config.ConfigCommand;
import dev.ccr.cli.doctor.DoctorCommand;
import dev.ccr.cli.models.ModelCommand;
import dev.ccr.cli.models.ModelsCommand;
import dev.ccr.cli.service.RestartCommand;
import dev.ccr.cli.service.StartCommand;
import dev.ccr.cli.service.StatusCommand;
import dev.ccr.cli.service.StopCommand;
import dev.ccr.cli.statusline.StatuslineCommand;
import dev.ccr.cli.terminal.Help;
import dev.ccr.proxy.server.Version;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The commands of {@code ccr}, as picocli knows them. */
final class Commands {

  private static final List<String> COMMANDS =
      List.of(
          "start", "stop", "restart", "status", "code", "logs", "env", "models", "model",
          "statusline", "config", "route", "doctor", "completion",
          "demo");

  /** Other names of commands. */
  private static final Map<String, String> ALIASES = Map.of("activate", "env");

  private Commands() {}

  /**
   * The command line, with the command that is asked for; with all of them if it is none of them.
   * To describe the others takes time, and a router shall start at once.
   *
   * @param env the environment that commands see
   * @param in where commands that ask get their answers
   */
  static CommandLine commandLine(Map<String, String> env, InputStream in, String... args) {
    CommandSpec spec =
        CommandSpec.create()
            .name("ccr")
            .version("ccr " + Version.TEXT);
    Help.addTo(spec); // picocli's own mix-in is made of annotations, which take 80 ms to read
    spec.addOption(
        OptionSpec.builder("-V", "--version")
            .versionHelp(true)
            .description("Print version information and exit.")
            .build());
    spec.usageMessage()
        .description("Claude Code Router: answers the Claude API from the provider of your choice.")
        .footer(
            "",
            "Configuration: $CCR_CONFIG_PATH, else ~/.claude-code-router/config.json",
            "Exit codes: 0 success, 1 failure, 2 wrong usage, 3 status: no router runs");
    String asked = args.length == 0 ? "" : ALIASES.getOrDefault(args[0], args[0]);
    for (String name : COMMANDS.contains(asked) ? List.of(asked) : COMMANDS) {
      spec.addSubcommand(name, command(name, env, in));
    }
    return new CommandLine(spec);
  }

  private static CommandSpec command(String name, Map<String, String> env, InputStream in) {
    return switch (name) {
      case "start" -> StartCommand.spec(env);
      case "stop" -> StopCommand.spec(env);
      case "restart" -> RestartCommand.spec(env);
      case "status" -> StatusCommand.spec(env);
      case "code" -> CodeCommand.spec();
      case "logs" -> LogsCommand.spec(env);
      case "env" -> EnvCommand.spec(env);
      case "models" -> ModelsCommand.spec(env);
      case "model" -> ModelCommand.spec(env, in);
      case "statusline" -> StatuslineCommand.spec(env, in);
      case "config" -> ConfigCommand.spec(env, in);
      case "doctor" -> DoctorCommand.spec(env);
      case "completion" -> CompletionCommand.spec(() -> commandLine(env, in));
      case "route" -> RouteCommand.spec(env);
      case "demo" -> DemoCommand.spec();
      default -> throw new IllegalArgumentException(name);
    };
  }
}
