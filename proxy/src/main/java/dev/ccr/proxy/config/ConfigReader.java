package dev.ccr.proxy.config;

import static dev.ccr.proxy.config.ConfigProblems.ENVIRONMENT;
import static dev.ccr.proxy.config.ConfigProblems.WHOLE_FILE;

import dev.ccr.proxy.model.Routes;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code config.json}. Keys match regardless of case; comments and trailing commas are fine;
 * keys that mean nothing here are warnings. Everything that is wrong is reported at once.
 */
public final class ConfigReader {
  private static final List<String> KNOWN =
      List.of("HOST", "PORT", "APIKEY", "LOG_LEVEL", "API_TIMEOUT_MS", "errors", "Providers",
          "Router");
  private static final List<String> UNSUPPORTED =
      List.of(
          "LOG",
          "PROXY_URL",
          "NON_INTERACTIVE_MODE",
          "CLAUDE_PATH",
          "CUSTOM_ROUTER_PATH",
          "REWRITE_SYSTEM_PROMPT",
          "forceUseImageAgent",
          "fallback",
          "transformers",
          "plugins",
          "StatusLine",
          "domain_mappings");

  /** The longest time-out that the TypeScript router can set: 24 days. */
  private static final int MAX_TIMEOUT_MS = Integer.MAX_VALUE;

  private ConfigReader() {}

  /**
   * Where the configuration is: {@code CCR_CONFIG_PATH}, or else {@code
   * .claude-code-router/config.json} in the home directory, which is {@code HOME} ({@code
   * USERPROFILE} on Windows) if set.
   *
   * @throws ConfigException if {@code CCR_CONFIG_PATH} is no path on this system
   */
  public static Path defaultPath(Map<String, String> env) throws ConfigException {
    return defaultPath(env, ConfigFile.onWindows());
  }

  static Path defaultPath(Map<String, String> env, boolean windows) throws ConfigException {
    String path = env.getOrDefault("CCR_CONFIG_PATH", "");
    if (path.isEmpty()) {
      return ConfigFile.home(env, windows).resolve(".claude-code-router").resolve("config.json");
    }
    try {
      return Path.of(path);
    } catch (InvalidPathException e) {
      ConfigProblems problems = new ConfigProblems("");
      problems.problem(
          ENVIRONMENT, "CCR_CONFIG_PATH", ConfigProblems.quoted(path), "the path of a file");
      throw problems.exception();
    }
  }

  /**
   * Reads a file of at most 1 MiB.
   *
   * @param env the environment; {@code CCR_HOST}, {@code CCR_PORT} and {@code CCR_LOG_LEVEL}, where
   *     set and not empty, override the file
   * @throws ConfigException if the file cannot be read or what it says cannot be used
   */
  public static Config read(Path file, Map<String, String> env) throws ConfigException {
    String text = ConfigFile.text(file, env);
    return parse(file, text, env, ConfigFile.looseMode(file));
  }

  /**
   * Reads a configuration from memory.
   *
   * @param fileName what messages call it
   * @param env as in {@link #read}
   * @throws ConfigException if what it says cannot be used
   */
  public static Config parse(String fileName, String text, Map<String, String> env)
      throws ConfigException {
    return parse(Path.of(fileName), text, env, null);
  }

  private static Config parse(
      Path file, String text, Map<String, String> env, @Nullable String looseMode)
      throws ConfigException {
    Path name = file.getFileName();
    ConfigProblems problems = new ConfigProblems(String.valueOf(name == null ? file : name));
    Node.Obj tree = ConfigTree.read(text.startsWith("\uFEFF") ? text.substring(1) : text, problems);
    if (tree == null) {
      throw problems.exception();
    }
    Section root = new Section("", tree, KNOWN, UNSUPPORTED, problems);
    ServerReader serverReader = new ServerReader(root, env, problems);
    Server server = serverReader.server();
    LogLevel logLevel = serverReader.logLevel();
    ProviderReader providerReader = new ProviderReader(problems);
    List<ProviderConfig> providers = providerReader.read(root);
    Routes routes = new RoutesReader(providerReader.names(), problems).read(root);
    Limits limits = limits(root);
    ErrorStyle errors = errors(root);
    if (looseMode != null && holdsKeys(server, providers)) {
      problems.warning(
          WHOLE_FILE, "mode " + looseMode + " (expected: 0600, since it holds keys)");
    }
    problems.throwIfAny();
    return new Config(file, server, providers, routes, limits, errors, logLevel, problems.warnings());
  }

  private static ErrorStyle errors(Section root) {
    Node.Text text = root.text("errors");
    if (text == null) {
      return Defaults.ERRORS;
    }
    return switch (text.value()) {
      case "raw" -> ErrorStyle.RAW;
      case "claude" -> ErrorStyle.CLAUDE;
      default -> {
        root.wrong("errors", text, "raw or claude");
        yield Defaults.ERRORS;
      }
    };
  }

  private static Limits limits(Section root) {
    Node node = root.get("API_TIMEOUT_MS");
    if (node == null) {
      return Defaults.LIMITS;
    }
    Long millis = node.integer();
    if (millis == null || millis < 1 || millis > MAX_TIMEOUT_MS) {
      root.wrong("API_TIMEOUT_MS", node, "milliseconds, 1 to " + MAX_TIMEOUT_MS);
      return Defaults.LIMITS;
    }
    return Defaults.LIMITS.withFirstByte(Duration.ofMillis(millis));
  }

  private static boolean holdsKeys(Server server, List<ProviderConfig> providers) {
    return !server.apiKey().isEmpty()
        || providers.stream().anyMatch(provider -> !provider.apiKey().isEmpty());
  }
}
