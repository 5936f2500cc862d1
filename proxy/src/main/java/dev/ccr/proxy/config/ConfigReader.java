package dev.ccr.proxy.config;

import static dev.ccr.proxy.config.ConfigProblems.ENVIRONMENT;
import static dev.ccr.proxy.config.ConfigProblems.WHOLE_FILE;

import dev.ccr.proxy.model.Glob;
import dev.ccr.proxy.model.Routes;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code config.json}, or {@code config.yaml}. Keys match however they are spelled; keys that
 * mean nothing here are warnings. Everything that is wrong is reported at once.
 */
public final class ConfigReader {
  private static final String FOLDER = ".claude-code-router";
  private static final List<String> NAMES = List.of("config.json", "config.yaml", "config.yml");

  private ConfigReader() {}

  /**
   * Where the configuration is: {@code CCR_CONFIG_PATH}, or else {@code config.json}, {@code
   * config.yaml} or {@code config.yml}, whichever is there first, in {@code .claude-code-router} in
   * the home directory, which is {@code HOME} ({@code USERPROFILE} on Windows) if set.
   *
   * @throws ConfigException if {@code CCR_CONFIG_PATH} is no path on this system
   */
  public static Path defaultPath(Map<String, String> env) throws ConfigException {
    return defaultPath(env, ConfigFile.onWindows());
  }

  /** The folder where the configuration is looked for if no variable names a file. */
  public static Path defaultFolder(Map<String, String> env) {
    return ConfigFile.home(env, ConfigFile.onWindows()).resolve(FOLDER);
  }

  static Path defaultPath(Map<String, String> env, boolean windows) throws ConfigException {
    String path = env.getOrDefault("CCR_CONFIG_PATH", "");
    if (path.isEmpty()) {
      Path folder = ConfigFile.home(env, windows).resolve(FOLDER);
      return NAMES.stream()
          .map(folder::resolve)
          .filter(Files::exists)
          .findFirst()
          .orElse(folder.resolve(NAMES.getFirst()));
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
   *     set and not empty, override the file, and the file may refer to all of them
   * @throws ConfigException if the file cannot be read or what it says cannot be used
   */
  public static Config read(Path file, Map<String, String> env) throws ConfigException {
    String text = ConfigFile.text(file, env);
    return parse(file, text, env, ConfigFile.looseMode(file));
  }

  /**
   * Reads a configuration from memory.
   *
   * @param fileName what messages call it; with the ending {@code .yaml} or {@code .yml} it is YAML
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
    Path last = file.getFileName();
    String name = String.valueOf(last == null ? file : last);
    ConfigProblems problems = new ConfigProblems(name);
    Node.Obj tree = tree(name, text.startsWith("\uFEFF") ? text.substring(1) : text, problems);
    if (tree == null) {
      throw problems.exception();
    }
    Variables variables = new Variables(env);
    Node.Obj resolved = OldFile.modern(variables.resolve(tree));
    Section root = new Section("", resolved, KnownKeys.ROOT, problems);
    SecretReader secrets = new SecretReader(problems);
    ServerReader serverReader = new ServerReader(root, env, secrets, problems);
    Server server = new DoorsReader(root, file, problems).read(serverReader.server());
    List<Glob> allowedHosts = serverReader.allowedHosts();
    LogLevel logLevel = serverReader.logLevel();
    Providers providers = new ProvidersReader(secrets, problems).read(root);
    Routes routes =
        new RoutesReader(new TargetReader(providers, problems), problems).read(root);
    Limits limits = LimitsReader.read(root);
    Liveness liveness = LivenessReader.read(root);
    RetryReader retries = new RetryReader(root, problems);
    RetrySettings retry = retries.retry();
    CircuitSettings circuit = retries.circuit();
    ErrorStyle errors = errors(root);
    ForwardProxy proxy = ForwardProxyReader.read(root, problems);
    ProxyVariables proxyVariables = ForwardProxyReader.variables(env, problems);
    TlsFiles tls = new TlsReader(problems).ofAll(root, env);
    ForeignPort.warn(resolved, root, env, problems);
    if (looseMode != null && (secrets.sawLiteral() || variables.cameFromTheFile())) {
      problems.warning(
          WHOLE_FILE, "mode " + looseMode + " (expected: 0600, since it holds keys)");
    }
    problems.throwIfAny();
    return new Config(
        file, server, allowedHosts, providers.usable(), routes, limits, liveness, retry, circuit,
        errors, proxy, proxyVariables, tls, logLevel, text(root, "CLAUDE_PATH"),
        problems.warnings());
  }

  private static Node.@Nullable Obj tree(String name, String text, ConfigProblems problems) {
    return isYaml(name) ? YamlTree.read(text, problems) : JsonTree.read(text, problems);
  }

  /** Whether a file of that name is YAML. */
  static boolean isYaml(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return lower.endsWith(".yaml") || lower.endsWith(".yml");
  }

  private static String text(Section section, String key) {
    Node.Text text = section.text(key);
    return text == null ? "" : text.value().strip();
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
}
