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
  private static final int MAX_KEYS = 64;
  private static final int MAX_WEIGHT = 100;

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

  /**
   * A key or an array of keys, of which each may be an object with a weight; {@code null} if they
   * are absent, or one is at fault.
   */
  @Nullable List<ApiKey> all(Section section, String key) {
    Node node = section.get(key);
    String path = section.path(key);
    if (!(node instanceof Node.Array array)) {
      Secret secret =
          node == null ? null : secret(node, path, "a string, or an array of strings");
      return secret == null ? null : List.of(ApiKey.of(secret));
    }
    if (array.items().isEmpty()) {
      problems.problem(array.line(), path, "empty", "at least one key");
      return null;
    }
    if (array.items().size() > MAX_KEYS) {
      problems.problem(
          array.line(), path, array.items().size() + " keys", MAX_KEYS + " at most");
      return null;
    }
    List<ApiKey> keys = new ArrayList<>();
    for (int i = 0; i < array.items().size(); i++) {
      ApiKey read = item(array.items().get(i), path + "[" + i + "]");
      if (read != null) {
        keys.add(read);
      }
    }
    return keys.size() == array.items().size() ? List.copyOf(keys) : null;
  }

  private @Nullable ApiKey item(Node item, String path) {
    if (!(item instanceof Node.Obj object)) {
      Secret secret = filled(item, path, "a string, or an object with a key and a weight");
      return secret == null ? null : ApiKey.of(secret);
    }
    Section section = new Section(path, object, KnownKeys.API_KEY, problems);
    Long weight = section.count("weight", "a weight", MAX_WEIGHT);
    Node key = section.get("key");
    if (key == null) {
      section.missing("key", "a string");
      return null;
    }
    Secret secret = filled(key, section.path("key"), "a string");
    return secret == null
        ? null
        : new ApiKey(secret, weight == null ? ApiKey.USUAL_WEIGHT : weight.intValue());
  }

  private @Nullable Secret filled(Node node, String path, String expected) {
    Secret secret = secret(node, path, expected);
    if (secret != null && secret.isEmpty()) {
      problems.problem(node.line(), path, "empty", "a key");
      return null;
    }
    return secret;
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
