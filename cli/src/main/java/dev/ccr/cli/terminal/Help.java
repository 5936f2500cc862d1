package dev.ccr.cli.terminal;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The option {@code --help} of a subcommand; {@code --version} belongs to {@code ccr} alone. */
public final class Help {

  private Help() {}

  /** Adds it. */
  public static void addTo(CommandSpec spec) {
    spec.addOption(
        OptionSpec.builder("-h", "--help")
            .usageHelp(true)
            .description("Show this help and exit.")
            .build());
  }
}
