package dev.ccr.cli.code;

import dev.ccr.cli.files.PrivateFile;
import dev.ccr.cli.files.StateFolder;
import dev.ccr.cli.service.LeaseHolder;
import dev.ccr.cli.service.StartFailedException;
import dev.ccr.cli.terminal.Problems;
import dev.ccr.cli.terminal.ProcessEnvironment;
import dev.ccr.cli.terminal.RouterUrl;
import dev.ccr.proxy.config.Config;
import dev.ccr.proxy.config.ConfigException;
import dev.ccr.proxy.config.ConfigReader;
import dev.ccr.proxy.server.Version;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/**
 * {@code ccr code}: runs Claude Code through the router, and starts the router if none runs. All
 * arguments are Claude Code's, {@code --help} too: nothing here parses them.
 */
public final class CodeCommand {

  private static final int FAILURE = 1;
  private static final String SETTINGS = "--settings";

  private final Map<String, String> env;
  private final PrintWriter err;

  private CodeCommand(Map<String, String> env, PrintWriter err) {
    this.env = env;
    this.err = err;
  }

  /** What the help says of it; it never runs from there. */
  public static CommandSpec spec() {
    CommandSpec spec = CommandSpec.create().name("code");
    spec.usageMessage()
        .description(
            "Runs Claude Code through the router, and starts the router if none runs. All that"
                + " follows are Claude Code's own arguments.");
    return spec;
  }

  /**
   * Runs Claude Code with this process's terminal.
   *
   * @return its exit code, or 1 if it could not be run
   */
  public static int run(Map<String, String> env, List<String> arguments, PrintWriter err)
      throws InterruptedException {
    return new CodeCommand(env, err).run(arguments);
  }

  private int run(List<String> arguments) throws InterruptedException {
    try {
      Path file = ConfigReader.defaultPath(env);
      Config config;
      try {
        config = ConfigReader.read(file, env);
      } catch (ConfigException e) {
        return Problems.print(e, file, "Claude Code can run through the router", err);
      }
      Path program = program(config);
      try (LeaseHolder lease = LeaseHolder.take(env, err::println)) {
        if (!lease.runsWith(file)) { // another key, another choice of models
          err.println(
              "the router on " + lease.url() + " runs with " + lease.config() + ", not " + file);
          err.println("CCR_PORT chooses another port for this configuration.");
          return FAILURE;
        }
        if (!lease.version().equals(Version.TEXT)) {
          err.println(
              "ccr: the router that runs is of version " + lease.version() + ", this is "
                  + Version.TEXT + "; ccr restart brings it up to date");
        }
        return run(program, arguments, config, lease);
      }
    } catch (StartFailedException e) {
      return Problems.print(String.valueOf(e.getMessage()), e.printed(), err);
    } catch (ConfigException e) {
      return Problems.print(e, err);
    } catch (IOException e) {
      return Problems.print(e, err);
    }
  }

  private Path program(Config config) throws IOException {
    try {
      return ClaudeBinary.find(env, config);
    } catch (IOException e) {
      err.println(e.getMessage());
      throw new IOException(ClaudeBinary.HINT, e);
    }
  }

  private int run(Path program, List<String> arguments, Config config, LeaseHolder lease)
      throws IOException, InterruptedException {
    List<ClaudeSettings> theirs = ClaudeSettings.present(env, Path.of("").toAbsolutePath());
    ClaudeEnvironment claude =
        ClaudeEnvironment.of(config, NoProxy.withThoseOf(theirs, env), lease.url());
    List<String> command = new ArrayList<>();
    command.add(program.toString());
    String given = givenSettings(arguments);
    if (given != null) {
      warn(given, theirs, claude);
    } else {
      command.add(SETTINGS);
      command.add(settings(claude, lease.url()).toString());
    }
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
    ProcessEnvironment.set(builder, env);
    restoreLocale(builder.environment());
    claude.applyTo(builder.environment());
    ForwardedSignals signals = ForwardedSignals.install();
    Process child = builder.start();
    signals.to(child);
    lease.child(child.pid());
    JobControl.follow(child);
    return child.waitFor();
  }

  /** The launcher has set another one for this JVM alone. */
  private static void restoreLocale(Map<String, String> environment) {
    String users = environment.remove("CCR_LC_ALL");
    if (users != null && users.isEmpty()) {
      environment.remove("LC_ALL");
    } else if (users != null) {
      environment.put("LC_ALL", users);
    }
  }

  /**
   * Claude Code takes one such option: the user's stays alone, and the environment has to do.
   *
   * @return its value; {@code null} if there is none
   */
  private static @Nullable String givenSettings(List<String> arguments) {
    String given = null;
    for (int i = 0; i < arguments.size() && !arguments.get(i).equals("--"); i++) {
      String argument = arguments.get(i);
      if (argument.startsWith(SETTINGS + "=")) {
        given = argument.substring(SETTINGS.length() + 1);
      } else if (argument.equals(SETTINGS)) {
        given = i + 1 < arguments.size() ? arguments.get(i + 1) : "";
      }
    }
    return given;
  }

  /** Without settings of ours those of the user may lead past the router: then they are told. */
  private void warn(String given, List<ClaudeSettings> theirs, ClaudeEnvironment claude) {
    List<ClaudeSettings> all = new ArrayList<>(theirs);
    try {
      all.add(ClaudeSettings.given(given));
    } catch (IOException e) {
      // Claude Code cannot read it either, and says so
    }
    for (ClaudeSettings each : all) {
      for (String name : claude.overruledBy(each)) {
        err.println(
            "warning: " + each.file() + ": env." + name + " counts more than what ccr code sets,"
                + " since " + SETTINGS + " is given: take it out, or Claude Code may not use the"
                + " router");
      }
    }
  }

  /**
   * Writes them to a file, since an argument can be read by every user of the machine. The file
   * says the same for all who use the router, and is there for the next one.
   */
  private Path settings(ClaudeEnvironment claude, RouterUrl router) throws IOException {
    Path file = StateFolder.of(env).makeRun().resolve("claude-" + router.port() + ".json");
    String text = claude.settingsJson();
    if (!Files.exists(file) || !Files.readString(file).equals(text)) {
      PrivateFile.write(file, text);
    }
    return file;
  }
}
