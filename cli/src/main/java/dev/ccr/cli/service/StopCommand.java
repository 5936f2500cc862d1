package dev.ccr.cli.service;

import dev.ccr.cli.terminal.Help;
import dev.ccr.cli.terminal.Problems;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** {@code ccr stop}: ends the router, and returns when it has ended. */
public final class StopCommand implements Callable<Integer> {

  private static final String NOW = "--now";

  private final Map<String, String> env;
  private final CommandSpec spec;

  private StopCommand(Map<String, String> env) {
    this.env = env;
    this.spec = CommandSpec.wrapWithoutInspection(this);
  }

  /** The command's specification. */
  public static CommandSpec spec(Map<String, String> env) {
    CommandSpec spec = new StopCommand(env).spec;
    spec.name("stop");
    Help.addTo(spec);
    spec.usageMessage()
        .description(
            "Ends the router, and lets what is under way finish within GRACE_PERIOD_MS. That none"
                + " runs is no failure.");
    spec.addOption(
        OptionSpec.builder(NOW)
            .description("Let nothing finish: answers that are under way end with an error.")
            .build());
    return spec;
  }

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    try {
      Services services = Services.of(env);
      ServiceInfo service = services.find();
      if (service == null) {
        out.println("No router runs.");
        return ExitCode.OK;
      }
      boolean now = spec.commandLine().getParseResult().hasMatchedOption(NOW);
      String besides = Stopper.stop(services, service, now ? Control.STOP_NOW : Control.STOP);
      out.println(
          "Stopped the router on " + service.get(ServiceInfo.URL) + " (process "
              + service.get(ServiceInfo.PID) + ")" + (besides.isEmpty() ? "." : ": " + besides));
      return ExitCode.OK;
    } catch (IOException e) {
      return Problems.print(e, err);
    }
  }
}
