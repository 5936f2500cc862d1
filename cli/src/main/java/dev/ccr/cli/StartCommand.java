package dev.ccr.cli;

import dev.ccr.cli.terminal.Help;
import dev.ccr.cli.terminal.Problems;
import dev.ccr.cli.terminal.Urls;
import dev.ccr.proxy.ProxyServer;
import dev.ccr.proxy.config.Config;
import dev.ccr.proxy.config.ConfigException;
import dev.ccr.proxy.config.ConfigReader;
import dev.ccr.proxy.config.ConfigWatcher;
import dev.ccr.proxy.config.LogLevel;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** {@code ccr start}: runs the router in the foreground until it is told to stop. */
final class StartCommand implements Callable<Integer> {

  private static final String VERBOSE = "--verbose";

  private final Map<String, String> env;
  private final CommandSpec spec;

  private StartCommand(Map<String, String> env) {
    this.env = env;
    this.spec = CommandSpec.wrapWithoutInspection(this);
  }

  /** The command's specification. */
  static CommandSpec spec(Map<String, String> env) {
    CommandSpec spec = new StartCommand(env).spec;
    spec.name("start");
    Help.addTo(spec);
    spec.usageMessage()
        .description("Runs the router in the foreground. Ctrl-C or SIGTERM stops it.");
    spec.addOption(
        OptionSpec.builder("-v", VERBOSE)
            .description("Log in more detail, as CCR_LOG_LEVEL=debug does.")
            .build());
    return spec;
  }

  @Override
  public Integer call() throws InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    boolean verbose = spec.commandLine().getParseResult().hasMatchedOption(VERBOSE);
    try {
      Path file = ConfigReader.defaultPath(env);
      try (ConfigWatcher watcher = new ConfigWatcher(file, env)) {
        Config config = watcher.read();
        Problems.warn(config, err);
        Logging.level(verbose ? LogLevel.DEBUG : config.logLevel());
        return run(config, watcher, verbose, out, err);
      } catch (ConfigException e) {
        return Problems.print(e, file, "the router can start", err);
      }
    } catch (ConfigException e) { // the path itself
      return Problems.print(e, err);
    }
  }

  private static int run(
      Config config, ConfigWatcher watcher, boolean verbose, PrintWriter out, PrintWriter err)
      throws InterruptedException {
    try (ProxyServer server = ProxyServer.start(config)) {
      Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server, watcher), "shutdown"));
      watcher.start(new Applied(server, verbose));
      Hangup.onSignal(watcher::reload);
      out.println("ccr answers on " + Urls.of(server.address()));
      server.awaitClose();
      return ExitCode.OK;
    } catch (IOException e) {
      err.println("cannot listen on " + e.getMessage());
      err.println(
          String.valueOf(e.getMessage()).contains("in use")
              ? "Is a router running there already? CCR_PORT or PORT chooses another port."
              : "HOST or CCR_HOST has to be a name or an address of this machine.");
      return ExitCode.SOFTWARE;
    }
  }

  /** Applies a new configuration to the router and to the log. */
  private record Applied(ProxyServer server, boolean verbose) implements ConfigWatcher.Listener {

    @Override
    public void loaded(Config config) throws ConfigException {
      server.loaded(config);
      Logging.level(verbose ? LogLevel.DEBUG : config.logLevel());
    }

    @Override
    public void rejected(ConfigException problems) {
      server.rejected(problems);
    }
  }

  private static void stop(ProxyServer server, ConfigWatcher watcher) {
    watcher.close();
    server.close();
    Logging.stop();
  }
}
