package dev.ccr.cli.config;

import dev.ccr.cli.terminal.Help;
import java.io.InputStream;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;

/** {@code ccr config}: a name for the commands below it. */
public final class ConfigCommand {

  private ConfigCommand() {}

  /**
   * The command's specification.
   *
   * @param in where answers to questions come from
   */
  public static CommandSpec spec(Map<String, String> env, InputStream in) {
    CommandSpec spec = CommandSpec.create().name("config");
    Help.addTo(spec);
    spec.usageMessage().description("Makes, shows and checks the configuration.");
    spec.addSubcommand("init", InitCommand.spec(env, in));
    spec.addSubcommand("show", ShowCommand.spec(env));
    spec.addSubcommand("validate", ValidateCommand.spec(env));
    spec.addSubcommand("generate", GenerateCommand.spec(env));
    spec.addSubcommand("path", PathCommand.spec(env));
    spec.addSubcommand("migrate", MigrateCommand.spec(env));
    spec.addSubcommand("key", KeyCommand.spec());
    return spec;
  }
}
