package dev.ccr.proxy.config;

import static dev.ccr.proxy.config.ConfigProblems.ENVIRONMENT;

import dev.ccr.proxy.model.Glob;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads where to listen and how much to log: the values that variables may override. */
final class ServerReader {
  private static final int MAX_PORT = 65535;

  /** A valid value, and where it comes from. */
  private record Setting<T>(String key, Node node, T value) {}

  private final Section root;
  private final Map<String, String> env;
  private final SecretReader secrets;
  private final ConfigProblems problems;

  ServerReader(
      Section root, Map<String, String> env, SecretReader secrets, ConfigProblems problems) {
    this.root = root;
    this.env = env;
    this.secrets = secrets;
    this.problems = problems;
  }

  Server server() {
    Secret apiKey = secrets.one(root, "APIKEY");
    Secret own = apiKey == null ? Secret.NONE : apiKey;
    List<ClientKeyConfig> clients = new ClientKeysReader(secrets, problems).read(root, own);
    Server server = new Server(Defaults.HOST, port(), own, clients);
    Setting<String> host = host("CCR_HOST", variable("CCR_HOST"));
    Setting<String> inFile = host(root.path("HOST"), root.filled("HOST"));
    if (host == null) {
      host = inFile;
    }
    if (host == null) {
      return server;
    }
    server = new Server(host.value(), server.port(), own, clients);
    boolean faultyKey = apiKey == null && root.get("APIKEY") != null; // a problem of its own
    faultyKey |= clients.isEmpty() && ClientKeysReader.saysSome(root);
    if (server.isOpen() && !faultyKey && !server.isLoopback()) {
      problems.problem(
          host.node().line(),
          host.key(),
          host.node().shown(),
          "a loopback address, or an APIKEY, because anybody who reaches this port could spend"
              + " your providers' keys");
    }
    return server;
  }

  /** Names without ports, in which {@code *} stands for anything; addresses without brackets. */
  List<Glob> allowedHosts() {
    List<Glob> hosts = new ArrayList<>();
    for (String name : root.strings("ALLOWED_HOSTS", "a host name")) {
      boolean address = name.indexOf(':') != name.lastIndexOf(':');
      if (name.matches("[\\w.*:-]+") && (address || name.indexOf(':') < 0)) {
        hosts.add(new Glob(name));
      } else {
        problems.problem(
            root.line(),
            root.path("ALLOWED_HOSTS"),
            ConfigProblems.quoted(name),
            "a host name without scheme and port");
      }
    }
    return hosts;
  }

  private @Nullable Setting<String> host(String key, @Nullable Node node) {
    if (node == null) {
      return null;
    }
    if (!(node instanceof Node.Text text)) {
      problems.problem(node.line(), key, node.shown(), "a string");
      return null;
    }
    String host = text.value().strip();
    if (host.isEmpty()) {
      problems.problem(node.line(), key, node.shown(), "a host name or an address");
      return null;
    }
    return new Setting<>(key, node, host);
  }

  private int port() {
    Integer inFile = port(root.path("PORT"), root.filled("PORT"));
    Integer override = port("CCR_PORT", variable("CCR_PORT"));
    if (override != null) {
      return override;
    }
    return inFile == null || inFile == 0 ? Defaults.PORT : inFile;
  }

  private @Nullable Integer port(String key, @Nullable Node node) {
    if (node == null) {
      return null;
    }
    Long port = node.integer();
    if (port == null || port < 0 || port > MAX_PORT) {
      problems.problem(node.line(), key, node.shown(), "a port, 0 to " + MAX_PORT);
      return null;
    }
    return port.intValue();
  }

  LogLevel logLevel() {
    LogLevel inFile = logLevel(root.path("LOG_LEVEL"), root.filled("LOG_LEVEL"));
    LogLevel override = logLevel("CCR_LOG_LEVEL", variable("CCR_LOG_LEVEL"));
    if (override != null) {
      return override;
    }
    return inFile == null ? Defaults.LOG_LEVEL : inFile;
  }

  private @Nullable LogLevel logLevel(String key, @Nullable Node node) {
    if (node == null) {
      return null;
    }
    LogLevel level = node instanceof Node.Text text ? LogLevel.parse(text.value()) : null;
    if (level == null) {
      problems.problem(node.line(), key, node.shown(), "debug, info, warn or error");
    }
    return level;
  }

  /** A variable's value as if the file held it; {@code null} if it is not set or empty. */
  private @Nullable Node variable(String name) {
    String value = env.get(name);
    return value == null || value.isEmpty() ? null : new Node.Text(ENVIRONMENT, value);
  }
}
