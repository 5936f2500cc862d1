package dev.ccr.proxy.config;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads keys: given as they are, by a variable, or by {@code file:} and a path. They are in no
 * message. One a read; not thread-safe.
 */
final class SecretReader {
  private static final String EXPECTED = "printable ASCII without blanks around it";
  private static final String FILE = "file:";

  /** Printable ASCII and tabs inside: what any HTTP library sends and any server takes. */
  private static final Pattern HEADER_VALUE = Pattern.compile("[!-~]([\\t -~]*[!-~])?");

  private final ConfigProblems problems;
  private boolean literal;

  SecretReader(ConfigProblems problems) {
    this.problems = problems;
  }

  /** Whether a key stood in the file itself. */
  boolean sawLiteral() {
    return literal;
  }

  /** A single key; {@code null} if it is absent or at fault. */
  @Nullable Secret one(Section section, String key) {
    Node node = section.get(key);
    return node == null ? null : secret(node, section.path(key), "a string");
  }

  /** A key or an array of keys; {@code null} if they are absent, or one is at fault. */
  @Nullable List<Secret> all(Section section, String key) {
    Node node = section.get(key);
    String path = section.path(key);
    if (!(node instanceof Node.Array array)) {
      Secret secret =
          node == null ? null : secret(node, path, "a string, or an array of strings");
      return secret == null ? null : List.of(secret);
    }
    if (array.items().isEmpty()) {
      problems.problem(array.line(), path, "empty", "at least one key");
      return null;
    }
    List<Secret> secrets = new ArrayList<>();
    for (int i = 0; i < array.items().size(); i++) {
      Node item = array.items().get(i);
      Secret secret = secret(item, path + "[" + i + "]", "a string");
      if (secret != null && secret.isEmpty()) {
        problems.problem(item.line(), path + "[" + i + "]", "empty", "a key");
      } else if (secret != null) {
        secrets.add(secret);
      }
    }
    return secrets.size() == array.items().size() ? List.copyOf(secrets) : null;
  }

  private @Nullable Secret secret(Node node, String path, String expected) {
    if (!(node instanceof Node.Text text)) {
      problems.problem(node.line(), path, "***", expected);
      return null;
    }
    if (!text.unset().isEmpty()) {
      unset(text, path);
      return null;
    }
    String value = text.value();
    if (value.startsWith(FILE)) {
      return file(text, path);
    }
    literal |= !value.isEmpty() && value.equals(text.source());
    return checked(value, text, path);
  }

  /** Of a key that only looks like a reference in part, nothing is shown. */
  private void unset(Node.Text text, String path) {
    boolean whole = text.unset().getFirst().equals(text.source());
    problems.problem(
        text.line(),
        path,
        whole ? ConfigProblems.printable(text.source()) + ": not set" : "***",
        whole
            ? "a variable of the environment that is set and not empty"
            : "no $NAME but of variables that are set");
  }

  private @Nullable Secret file(Node.Text text, String path) {
    SecretFile file = SecretFile.of(text.value().substring(FILE.length()));
    if (file == null) {
      problems.problem(text.line(), path, "***", FILE + " and an absolute path");
      return null;
    }
    String content = file.read(text.line(), path, problems);
    if (content == null) {
      return null;
    }
    if (content.isEmpty()) {
      problems.problem(text.line(), path, file + ": empty", "a file that holds a key");
      return null;
    }
    return checked(content, text, path);
  }

  private @Nullable Secret checked(String value, Node.Text text, String path) {
    if (!value.isEmpty() && !HEADER_VALUE.matcher(value).matches()) {
      problems.problem(text.line(), path, "***", EXPECTED);
      return null;
    }
    return Secret.of(value, text.written());
  }
}
