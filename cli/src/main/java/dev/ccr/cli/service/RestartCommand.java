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
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;

/**
 * {@code ccr restart}: ends the router and starts it again in the background, as it was: verbose or
 * not, with its log, and with those who use it.
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
            "Ends the router and starts it again in the background; starts it if none runs. The"
                + " router that runs goes on if the configuration cannot be used.");
    return spec;
  }

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    try {
      Path file = ConfigReader.defaultPath(env);
      try {
        Problems.warn(ConfigReader.read(file, env), err);
      } catch (ConfigException e) {
        return Problems.print(e, file, "the router can restart", err);
      }
      return restart(out);
    } catch (StartFailedException e) {
      return Problems.print(String.valueOf(e.getMessage()), e.printed(), err);
    } catch (ConfigException e) {
      return Problems.print(e, err);
    } catch (IOException e) {
      return Problems.print(e, err);
    }
  }

  private int restart(PrintWriter out) throws IOException, ConfigException, StartFailedException {
    Services services = Services.of(env);
    Starter starter = new Starter(env, services);
    try (ServiceLock _ = starter.exclusively()) {
      ServiceInfo old = services.find();
      Origin origin = Origin.START;
      StartOptions options = StartOptions.DEFAULTS;
      if (old != null) {
        origin = old.is(Origin.CODE) ? Origin.CODE : Origin.START;
        String log = old.get(ServiceInfo.LOG);
        options =
            new StartOptions(
                old.get(ServiceInfo.VERBOSE).equals("true"), log.isEmpty() ? null : Path.of(log));
        Stopper.stop(services, old, Control.RESTART);
      }
      ServiceInfo service = starter.start(origin, options, warning -> {}); // they are told already
      out.println(
          (old == null ? "Started" : "Restarted") + " the router: it answers on "
              + service.get(ServiceInfo.URL) + " (process " + service.get(ServiceInfo.PID)
              + ", log " + service.get(ServiceInfo.LOG) + ")");
      return ExitCode.OK;
    }
  }
}
