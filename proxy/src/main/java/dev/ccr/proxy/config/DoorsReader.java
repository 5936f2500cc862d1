package dev.ccr.proxy.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Reads where else the router listens: {@code TLS} and {@code UNIX_SOCKET}. */
final class DoorsReader {
  private static final int MAX_PORT = 65_535;

  /** What Linux has room for, in bytes, less one for its end. */
  private static final int MAX_SOCKET_PATH = 107;

  private final Section root;
  private final Path source;
  private final ConfigProblems problems;

  /** @param source the configuration file, from whose folder relative paths start */
  DoorsReader(Section root, Path source, ConfigProblems problems) {
    this.root = root;
    this.source = source.toAbsolutePath();
    this.problems = problems;
  }

  /** The same server, with the doors that the file has beside its port. */
  Server read(Server server) {
    return new Server(
        server.host(),
        server.port(),
        server.apiKey(),
        server.clientKeys(),
        tls(server),
        socket());
  }

  private @Nullable TlsListening tls(Server server) {
    Node.Obj object = root.object("TLS");
    if (object == null) {
      return null;
    }
    Section tls = new Section(root.path("TLS"), object, KnownKeys.TLS, problems);
    Path certificate = file(tls, "certificate", true);
    Path key = file(tls, "key", true);
    Path authority = file(tls, "client_ca", false);
    Node.Text host = tls.text("host");
    String place =
        host == null || host.value().isBlank() ? server.host() : host.value().strip();
    int port = port(tls);
    if (certificate == null || key == null) {
      return null;
    }
    String mode = ConfigFile.looseMode(key);
    if (mode != null) {
      problems.warning(
          tls.line(),
          tls.path("key") + ": " + ConfigProblems.printable(key.toString()) + ": mode " + mode
              + " (expected: 0600, since it holds a key)");
    }
    TlsListening listening = new TlsListening(certificate, key, authority, place, port);
    if (listening.letsStrangersIn()
        && server.isOpen()
        && root.filled("APIKEY") == null) {
      problems.problem(
          host == null ? tls.line() : host.line(),
          tls.path("host"),
          ConfigProblems.quoted(place),
          "a loopback address, an APIKEY or a client_ca, because anybody who reaches this port"
              + " could spend your providers' keys");
    }
    if (!server.isLoopback()) {
      problems.warning(
          tls.line(),
          root.path("TLS") + ": others reach " + ConfigProblems.quoted(server.host())
              + " without TLS too (expected: a loopback address as HOST)");
    }
    return listening;
  }

  private static int port(Section tls) {
    Node node = tls.filled("port");
    if (node == null) {
      return Defaults.TLS_PORT;
    }
    Long port = node.integer();
    if (port == null || port < 0 || port > MAX_PORT) {
      tls.wrong("port", node, "a port, 0 to " + MAX_PORT);
      return Defaults.TLS_PORT;
    }
    return port.intValue();
  }

  private @Nullable Path file(Section section, String key, boolean required) {
    Node.Text text = section.text(key);
    if (text == null) {
      if (required && section.get(key) == null) {
        section.missing(key, "the path of a PEM file");
      }
      return null;
    }
    if (text.value().isBlank()) {
      if (required) {
        section.wrong(key, text, "the path of a PEM file");
      }
      return null;
    }
    Path path = path(section, key, text);
    if (path != null && !Files.isReadable(path)) {
      section.wrong(key, text, "the path of a readable PEM file");
      return null;
    }
    return path;
  }

  private @Nullable Path socket() {
    Node.Text text = root.text("UNIX_SOCKET");
    if (text == null || text.value().isBlank()) {
      return null;
    }
    Path path = path(root, "UNIX_SOCKET", text);
    if (path != null && path.toString().getBytes(UTF_8).length > MAX_SOCKET_PATH) {
      root.wrong("UNIX_SOCKET", text, "a path of at most " + MAX_SOCKET_PATH + " bytes");
      return null;
    }
    return path;
  }

  private @Nullable Path path(Section section, String key, Node.Text text) {
    try {
      return source.resolveSibling(text.value().strip()).normalize();
    } catch (InvalidPathException e) {
      section.wrong(key, text, "a path");
      return null;
    }
  }
}
