package dev.ccr.proxy.config;

import dev.ccr.proxy.model.Client;
import dev.ccr.proxy.model.ClientLimits;
import dev.ccr.proxy.model.Glob;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads {@code CLIENT_KEYS}. One a read; not thread-safe. */
final class ClientKeysReader {
  private static final String KEYS = "CLIENT_KEYS";

  /** What a log, a metric and a message can carry. */
  private static final Pattern NAME = Pattern.compile("[!-~]([ -~]{0,62}[!-~])?");

  private static final Pattern SHA256 = Pattern.compile("[0-9a-fA-F]{64}");

  /** Of a key that is shorter, or has fewer different characters, a warning. */
  private static final int SHORTEST = 20;

  private static final int FEWEST_CHARACTERS = 8;

  private final SecretReader secrets;
  private final ConfigProblems problems;
  private final Map<String, String> names = new HashMap<>();
  private final Map<String, String> digests = new HashMap<>();

  ClientKeysReader(SecretReader secrets, ConfigProblems problems) {
    this.secrets = secrets;
    this.problems = problems;
  }

  /** Whether the file wants clients to have keys, be they right or not. */
  static boolean saysSome(Section root) {
    Node node = root.get(KEYS);
    return node != null && !(node instanceof Node.Array array && array.items().isEmpty());
  }

  /**
   * The clients whose keys are right.
   *
   * @param apiKey the router's own, which no client may have too
   */
  List<ClientKeyConfig> read(Section root, Secret apiKey) {
    if (!apiKey.isEmpty()) {
      digests.put(apiKey.sha256(), root.path("APIKEY"));
    }
    List<ClientKeyConfig> clients = new ArrayList<>();
    Node.Array array = root.array(KEYS, "an array of objects");
    List<Node> items = array == null ? List.of() : array.items();
    for (int i = 0; i < items.size(); i++) {
      String path = root.path(KEYS) + "[" + i + "]";
      if (items.get(i) instanceof Node.Obj object) {
        ClientKeyConfig client =
            client(new Section(path, object, KnownKeys.CLIENT_KEY, problems), path);
        if (client != null) {
          clients.add(client);
        }
      } else {
        problems.problem(items.get(i).line(), path, "***", "an object with a name and a key");
      }
    }
    return clients;
  }

  private @Nullable ClientKeyConfig client(Section section, String path) {
    String name = name(section);
    List<Glob> models = models(section);
    Instant expires = expires(section);
    Long requests = section.count("requestsPerMinute", "a number of requests");
    Long tokens = section.count("tokensPerMinute", "a number of tokens");
    Long concurrent = section.count("concurrent", "a number of requests");
    boolean hashed = section.get("sha256") != null;
    if (hashed == (section.get("key") != null)) {
      problems.problem(
          section.line(), path, hashed ? "both key and sha256" : "no key", "key or sha256");
      return null;
    }
    Secret key = hashed ? Secret.NONE : secrets.one(section, "key");
    String sha256 = hashed ? digest(section) : key == null || key.isEmpty() ? "" : key.sha256();
    if (!hashed && key != null) {
      judge(section, key);
    }
    if (name == null || key == null || sha256 == null || sha256.isEmpty()) {
      return null;
    }
    String first = digests.putIfAbsent(sha256, path);
    if (first != null) {
      problems.problem(section.line(), path, "the key of " + first, "a key of its own");
    }
    ClientLimits limits = new ClientLimits(orNone(requests), orNone(tokens), orNone(concurrent));
    return new ClientKeyConfig(new Client(name, models, expires, limits), key, sha256);
  }

  private @Nullable String name(Section section) {
    Node.Text text = section.text("name");
    if (text == null) {
      if (section.get("name") == null) {
        section.missing("name", "a name for logs and figures");
      }
      return null;
    }
    String name = text.value().strip();
    if (!NAME.matcher(name).matches()) {
      section.wrong("name", text, "a name in printable ASCII, 1 to 64 characters");
      return null;
    }
    String path = section.path("name");
    String first = names.putIfAbsent(name.toLowerCase(Locale.ROOT), path);
    if (first != null) {
      section.wrong("name", text, "a name of its own, unlike " + first);
    }
    return name;
  }

  private List<Glob> models(Section section) {
    List<Glob> models =
        section.strings("models", "a pattern of a model, or of provider,model").stream()
            .map(Glob::new)
            .toList();
    if (section.get("models") instanceof Node.Array array && array.items().isEmpty()) {
      problems.problem(
          array.line(), section.path("models"), "empty", "at least one, or no such key for all");
    }
    return models;
  }

  /** A day is good to its end, wherever its clients are: that of UTC is meant. */
  private @Nullable Instant expires(Section section) {
    Node.Text text = section.text("expires");
    if (text == null) {
      return null;
    }
    String value = text.value().strip();
    try {
      Instant expires =
          value.matches("\\d{4}-\\d{2}-\\d{2}")
              ? LocalDate.parse(value).plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant()
              : OffsetDateTime.parse(value).toInstant();
      if (!Instant.now().isBefore(expires)) {
        problems.warning(
            text.line(), section.path("expires") + ": " + text.shown() + ": has expired");
      }
      return expires;
    } catch (DateTimeException e) {
      section.wrong("expires", text, "a day like 2027-01-31, or a time like 2027-01-31T12:00:00Z");
      return null;
    }
  }

  private @Nullable String digest(Section section) {
    if (section.get("sha256") instanceof Node.Text text
        && SHA256.matcher(text.value().strip()).matches()) {
      return text.value().strip().toLowerCase(Locale.ROOT);
    }
    problems.problem(
        section.line(), section.path("sha256"), "***", "the key's SHA-256, 64 hexadecimal digits");
    return null;
  }

  private void judge(Section section, Secret key) {
    String path = section.path("key");
    if (key.isEmpty()) {
      problems.problem(section.line(), path, "empty", "a key");
    } else if (key.reveal().length() < SHORTEST
        || key.reveal().chars().distinct().count() < FEWEST_CHARACTERS) {
      problems.warning(
          section.line(),
          path + ": may be guessed (expected: at least " + SHORTEST
              + " random characters, as ccr config key makes them)");
    }
  }

  private static int orNone(@Nullable Long count) {
    return count == null ? 0 : count.intValue();
  }
}
