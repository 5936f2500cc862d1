package dev.ccr.proxy.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code Providers}: an array, an object with a provider for each name, or a single provider.
 * One a read; not thread-safe.
 */
final class ProvidersReader {
  private static final String KEY = "Providers";
  private static final String AT_LEAST_ONE = "at least one provider";

  private final ConfigProblems problems;
  private final SecretReader secrets;
  private final Map<String, String> places = new LinkedHashMap<>();
  private final Map<String, String> leftOut = new LinkedHashMap<>();
  private final List<ProviderConfig> usable = new ArrayList<>();

  ProvidersReader(SecretReader secrets, ConfigProblems problems) {
    this.secrets = secrets;
    this.problems = problems;
  }

  Providers read(Section root) {
    ProviderReader reader =
        new ProviderReader(DomainMappings.read(root, problems), secrets, problems);
    String path = root.path(KEY);
    // No switch over types here: the JVM makes a class for it at each start, for 15 ms and more.
    Node value = root.get(KEY);
    if (value == null) {
      root.missing(KEY, AT_LEAST_ONE);
    } else if (value instanceof Node.Array array) {
      array(reader, path, array);
    } else if (value instanceof Node.Obj object) {
      object(reader, path, object);
    } else {
      problems.problem(value.line(), path, value.kind(), "an array of objects");
    }
    return new Providers(usable, List.copyOf(places.keySet()), leftOut);
  }

  private void array(ProviderReader reader, String path, Node.Array array) {
    if (array.items().isEmpty()) {
      problems.problem(array.line(), path, "empty", AT_LEAST_ONE);
      return;
    }
    for (int i = 0; i < array.items().size(); i++) {
      one(reader, path + "[" + i + "]", array.items().get(i), null);
    }
    checkThatOneIsLeft(array.line(), path);
  }

  /** One provider, or several by their names. */
  private void object(ProviderReader reader, String path, Node.Obj object) {
    if (object.members().isEmpty()) {
      problems.problem(object.line(), path, "empty", AT_LEAST_ONE);
      return;
    }
    if (isProvider(object)) {
      one(reader, path, object, null);
    } else {
      for (Node.Member member : object.members()) {
        String place = path + "." + ConfigProblems.printable(member.key());
        one(reader, place, member.value(), new Node.Text(member.line(), member.key()));
      }
    }
    checkThatOneIsLeft(object.line(), path);
  }

  private void checkThatOneIsLeft(int line, String path) {
    if (!places.isEmpty() && leftOut.size() == places.size()) {
      problems.problem(line, path, "none that is enabled and can be spoken to", AT_LEAST_ONE);
    }
  }

  /** An object of providers has objects as its values, a provider has strings. */
  private static boolean isProvider(Node.Obj object) {
    return object.members().stream()
        .anyMatch(
            member ->
                !(member.value() instanceof Node.Obj)
                    && KnownKeys.PROVIDER.find(member.key()) != null);
  }

  /** @param name where the key of an object is the name, unless the provider has one itself */
  private void one(ProviderReader reader, String path, Node node, Node.@Nullable Text name) {
    if (!(node instanceof Node.Obj object)) {
      problems.problem(node.line(), path, node.kind(), "an object");
      return;
    }
    ProviderReader.Result result =
        reader.read(new Section(path, object, KnownKeys.PROVIDER, problems), name, path, places);
    if (result.name() != null && result.leftOut() != null) {
      leftOut.put(result.name(), result.leftOut());
    } else if (result.config() != null) {
      usable.add(result.config());
    }
  }
}
