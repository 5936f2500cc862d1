package dev.ccr.cli.service;

import dev.ccr.cli.files.StateFolder;
import dev.ccr.cli.terminal.Help;
import dev.ccr.cli.terminal.Problems;
import dev.ccr.proxy.config.ConfigException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/** {@code ccr start}: runs the router, in the foreground or by itself. */
public final class StartCommand implements Callable<Integer> {

  private static final String VERBOSE = "--verbose";
  private static final String LOG_FILE = "--log-file";
  private static final String DETACH = "--detach";

  private final Map<String, String> env;
  private final CommandSpec spec;

  private StartCommand(Map<String, String> env) {
    this.env = env;
    this.spec = CommandSpec.wrapWithoutInspection(this);
  }

  /** The command's specification. */
  public static CommandSpec spec(Map<String, String> env) {
    CommandSpec spec = new StartCommand(env).spec;
    spec.name("start");
    Help.addTo(spec);
    spec.usageMessage()
        .description("Runs the router in the foreground. Ctrl-C, SIGTERM or ccr stop ends it.");
    spec.addOption(
        OptionSpec.builder("-v", VERBOSE)
            .description("Log in more detail, as CCR_LOG_LEVEL=debug does.")
            .build());
    spec.addOption(
        OptionSpec.builder("-l", LOG_FILE)
            .type(String.class)
            .arity("0..1")
            .fallbackValue("")
            .paramLabel("PATH")
            .description("Log to a file too, as JSON; by default logs/ccr.log in the state folder.")
            .build());
    spec.addOption(
        OptionSpec.builder("-d", DETACH)
            .description("Run in the background; return when the router answers.")
            .build());
    return spec;
  }

  @Override
  public Integer call() throws InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    var given = spec.commandLine().getParseResult();
    StartOptions options = new StartOptions(given.hasMatchedOption(VERBOSE), logFile());
    return given.hasMatchedOption(DETACH)
        ? detach(options, out, err)
        : RouterRun.run(env, options, out, err);
  }

  private @Nullable Path logFile() {
    String path = spec.commandLine().getParseResult().matchedOptionValue(LOG_FILE, null);
    if (path == null) {
      return null;
    }
    try {
      return path.isEmpty() ? StateFolder.of(env).log() : Path.of(path).toAbsolutePath();
    } catch (InvalidPathException e) {
      throw new ParameterException(
          spec.commandLine(), LOG_FILE + ": " + path + " (expected: the path of a file)");
    }
  }

  private int detach(StartOptions options, PrintWriter out, PrintWriter err) {
    try {
      Services services = Services.of(env);
      Starter starter = new Starter(env, services);
      try (ServiceLock _ = starter.exclusively()) {
        ServiceInfo running = services.find();
        if (running != null) {
          return keep(services, running, options, out);
        }
        ServiceInfo service = starter.start(Origin.START, options, err::println);
        out.println(
            "ccr answers on " + service.get(ServiceInfo.URL) + " (process "
                + service.get(ServiceInfo.PID) + ", log " + service.get(ServiceInfo.LOG) + ")");
        return ExitCode.OK;
      }
    } catch (StartFailedException e) {
      return Problems.print(String.valueOf(e.getMessage()), e.printed(), err);
    } catch (ConfigException e) {
      return Problems.print(e, err);
    } catch (IOException e) {
      return Problems.print(e, err);
    }
  }

  /** One that a {@code ccr code} began stays from now on, as if it had been started so. */
  private static int keep(
      Services services, ServiceInfo running, StartOptions options, PrintWriter out)
      throws IOException {
    ServiceInfo kept =
        ControlClient.ask(
            services.folder().socket((int) running.number(ServiceInfo.PORT)),
            Control.KEEP,
            Services.ANSWER_MILLIS);
    if (kept == null) {
      throw new IOException("the router that was running has just ended; try again");
    }
    out.println(
        "ccr runs already: it answers on " + kept.get(ServiceInfo.URL) + " (process "
            + kept.get(ServiceInfo.PID) + ")");
    if (!options.arguments().isEmpty()) {
      out.println(
          "It goes on as it was started, without " + String.join(" ", options.arguments())
              + ". To start it anew: ccr stop, and the same again");
    }
    return ExitCode.OK;
  }
}
