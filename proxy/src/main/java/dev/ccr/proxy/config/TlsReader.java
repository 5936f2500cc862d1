package dev.ccr.proxy.config;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads {@code tls}, of the whole file and of a provider, and the files that it names. */
final class TlsReader {

  private static final String OF_ALL = "UPSTREAM_TLS";
  private static final String OF_ONE = "tls";

  /** Has what Claude Code's own runtime is to trust, so that it need not be said again. */
  private static final String VARIABLE = "NODE_EXTRA_CA_CERTS";

  /** Bytes: five times what all public authorities need. */
  private static final int MAX_SIZE = 1 << 20;

  private static final String CERTIFICATES = "a readable file with certificates in PEM";
  private static final String PRIVATE_KEY =
      "a readable file with a private key in PEM: PKCS #8, not encrypted";

  private final ConfigProblems problems;

  TlsReader(ConfigProblems problems) {
    this.problems = problems;
  }

  /** Whom all upstreams may be trusted by. */
  TlsFiles ofAll(Section root, Map<String, String> env) {
    List<Pem> authorities = new ArrayList<>();
    String path = env.getOrDefault(VARIABLE, "");
    if (!path.isEmpty()) {
      Pem extra = variable(path);
      if (extra != null) {
        authorities.add(extra);
      }
    }
    Section tls = section(root, OF_ALL, KnownKeys.UPSTREAM_TLS);
    Pem own = tls == null ? null : file(tls, "ca", CERTIFICATES);
    if (own != null) {
      authorities.add(own);
    }
    return authorities.isEmpty() ? TlsFiles.NONE : new TlsFiles(authorities, null, null);
  }

  /** What a provider says for itself. */
  TlsFiles ofProvider(Section provider) {
    Section tls = section(provider, OF_ONE, KnownKeys.PROVIDER_TLS);
    if (tls == null) {
      return TlsFiles.NONE;
    }
    Pem authority = file(tls, "ca", CERTIFICATES);
    Pem certificate = file(tls, "certificate", CERTIFICATES);
    Pem key = file(tls, "key", PRIVATE_KEY);
    if (tls.filled("certificate") != null && tls.filled("key") == null) {
      tls.missing("key", "the private key of the certificate");
    } else if (tls.filled("key") != null && tls.filled("certificate") == null) {
      tls.missing("certificate", "the certificate of the key");
    }
    Node given = tls.get("key");
    if (certificate != null && key != null && given != null && !match(certificate, key)) {
      tls.wrong("key", given, "the private key of the certificate");
    }
    return new TlsFiles(authority == null ? List.of() : List.of(authority), certificate, key);
  }

  private @Nullable Section section(Section parent, String key, Keys keys) {
    Node.Obj object = parent.object(key);
    return object == null ? null : new Section(parent.path(key), object, keys, problems);
  }

  private @Nullable Pem file(Section section, String key, String expected) {
    Node.Text text = section.text(key);
    if (text == null || text.value().isBlank()) {
      return null;
    }
    SecretFile file = SecretFile.of(text.value().strip());
    if (file == null) {
      section.wrong(key, text, "an absolute path");
      return null;
    }
    try {
      Pem pem = read(file.path(), text.written().strip());
      if (expected.equals(PRIVATE_KEY)) {
        pem.privateKey();
        warnOfMode(section, key, text, file);
      } else {
        pem.certificates();
      }
      return pem;
    } catch (IOException | GeneralSecurityException e) {
      problems.problem(
          text.line(), section.path(key), text.shown() + ": " + fault(e), expected);
      return null;
    }
  }

  private void warnOfMode(Section section, String key, Node.Text text, SecretFile file) {
    String mode = ConfigFile.looseMode(file.path());
    if (mode != null) {
      problems.warning(
          text.line(),
          section.path(key) + ": " + file + ": mode " + mode
              + " (expected: 0600, since it holds a key)");
    }
  }

  /** A fault is a warning only, since the environment is not the router's alone. */
  private @Nullable Pem variable(String path) {
    String fault;
    try {
      Pem pem = read(Path.of(path), "");
      pem.certificates();
      return pem;
    } catch (IOException | GeneralSecurityException e) {
      fault = fault(e);
    } catch (InvalidPathException e) {
      fault = "no path";
    }
    problems.warning(
        ConfigProblems.ENVIRONMENT,
        VARIABLE + ": " + ConfigProblems.quoted(path) + ": " + fault + ": ignored");
    return null;
  }

  private static Pem read(Path path, String written) throws IOException {
    try (InputStream in = Files.newInputStream(path)) {
      byte[] bytes = in.readNBytes(MAX_SIZE + 1);
      if (bytes.length > MAX_SIZE) {
        throw new IOException("more than 1 MiB");
      }
      return new Pem(written, Secret.of(new String(bytes, ISO_8859_1)));
    }
  }

  private static String fault(Exception e) {
    if (e instanceof NoSuchFileException) {
      return "no such file";
    }
    if (e instanceof AccessDeniedException) {
      return "permission denied";
    }
    return e instanceof IOException ? "not readable" : "nothing of that kind in it";
  }

  private static boolean match(Pem certificate, Pem key) {
    try {
      return Pem.fit(
          key.privateKey(), certificate.certificates().getFirst().getPublicKey());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("both have been read before", e);
    }
  }
}
