package dev.ccr.cli.service;

import dev.ccr.cli.terminal.Help;
import dev.ccr.cli.terminal.Problems;
import dev.ccr.proxy.config.ConfigException;
import dev.ccr.proxy.config.ConfigReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;

/**
 * {@code ccr restart}: puts a new router in the place of the one that runs, in the background, see
 * {@link Replacement}; starts one if none runs.
 */
public final class RestartCommand implements Callable<Integer> {

  private final Map<String, String> env;
  private final CommandSpec spec;

  private RestartCommand(Map<String, String> env) {
    this.env = env;
    this.spec = CommandSpec.wrapWithoutInspection(this);
  }

  /** The command's specification. */
  public static CommandSpec spec(Map<String, String> env) {
    CommandSpec spec = new RestartCommand(env).spec;
    spec.name("restart");
    Help.addTo(spec);
    spec.usageMessage()
        .description(
            "Starts the router anew in the background, and ends the one that runs when the new one"
                + " answers; what is under way there finishes within GRACE_PERIOD_MS. The router"
                + " that runs goes on if the new one cannot start.");
    return spec;
  }

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    try {
      Services services = Services.of(env);
      Path file = ConfigReader.defaultPath(env);
      try {
        Problems.warn(Place.after(services.find(), env).config(), err);
      } catch (ConfigException e) {
        return Problems.print(e, file, "the router can restart", err);
      }
      return restart(services, out, err);
    } catch (ConfigException e) {
      return Problems.print(e, err);
    } catch (IOException e) {
      return Problems.print(e, err);
    }
  }

  private int restart(Services services, PrintWriter out, PrintWriter err)
      throws IOException, ConfigException {
    Starter starter = new Starter(env, services);
    ServiceInfo old;
    ServiceInfo service;
    try (ServiceLock _ = starter.exclusively()) {
      old = services.find();
      if (old != null && old.get(ServiceInfo.MANAGED).equals("true")) {
        err.println(
            "process " + old.get(ServiceInfo.PID) + ": run by a service manager (expected: that"
                + " one restarts it, as by systemctl restart ccr)");
        return ExitCode.SOFTWARE;
      }
      try {
        service =
            old == null
                ? starter.start(Origin.START, StartOptions.DEFAULTS, warning -> {}) // told already
                : new Replacement(services, starter, old, Place.after(old, env), out::println)
                    .start();
      } catch (StartFailedException e) {
        return failed(services, old, e, err);
      }
    }
    String besides = old == null ? "" : Stopper.awaitEnd(old); // others may start one meanwhile
    out.println(
        (old == null ? "Started" : "Restarted") + " the router: it answers on "
            + service.get(ServiceInfo.URL) + " (process " + service.get(ServiceInfo.PID)
            + ", log " + service.get(ServiceInfo.LOG) + ")");
    if (!besides.isEmpty()) {
      out.println("Of the one before: " + besides);
    }
    return ExitCode.OK;
  }

  private static int failed(
      Services services, @Nullable ServiceInfo old, StartFailedException e, PrintWriter err)
      throws IOException {
    int code = Problems.print(String.valueOf(e.getMessage()), e.printed(), err);
    ServiceInfo now = old == null ? null : services.at((int) old.number(ServiceInfo.PORT));
    if (now != null) {
      err.println(
          "The router that runs goes on: process " + now.get(ServiceInfo.PID) + ", on "
              + now.get(ServiceInfo.URL));
    }
    return code;
  }
}
