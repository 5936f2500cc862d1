package dev.ccr.proxy.config;

import dev.ccr.proxy.model.Profile;
import dev.ccr.proxy.model.Provider;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads {@code Providers}. One a read; not thread-safe. */
final class ProviderReader {
  private static final List<String> KNOWN =
      List.of("name", "api_base_url", "api_key", "models", "profile", OutputCapReader.KEY);
  private static final List<String> UNSUPPORTED =
      List.of("transformer", "tokenizer", "model_whitelist", "default_models");
  private static final int MAX_PORT = 65535;

  private final ConfigProblems problems;
  private final Map<String, String> places = new LinkedHashMap<>();

  ProviderReader(ConfigProblems problems) {
    this.problems = problems;
  }

  /** The faultless providers; the others went to the problems. */
  List<ProviderConfig> read(Section root) {
    List<ProviderConfig> providers = new ArrayList<>();
    Node.Array array = root.array("Providers", "an array of objects");
    if (array == null) {
      if (root.get("Providers") == null) {
        root.missing("Providers", "at least one provider");
      }
      return providers;
    }
    if (array.items().isEmpty()) {
      problems.problem(array.line(), "Providers", "empty", "at least one provider");
    }
    for (int i = 0; i < array.items().size(); i++) {
      String path = "Providers[" + i + "]";
      if (array.items().get(i) instanceof Node.Obj object) {
        ProviderConfig provider =
            provider(path, new Section(path, object, KNOWN, UNSUPPORTED, problems));
        if (provider != null) {
          providers.add(provider);
        }
      } else {
        Node other = array.items().get(i);
        problems.problem(other.line(), path, other.kind(), "an object");
      }
    }
    return providers;
  }

  /** All the names read, also those of faulty providers, as the file spells them. */
  List<String> names() {
    return List.copyOf(places.keySet());
  }

  private @Nullable ProviderConfig provider(String path, Section section) {
    String name = name(path, section);
    URI url = url(section);
    Secret apiKey = section.secret("api_key");
    if (section.get("api_key") == null) {
      section.missing("api_key", "a string, empty if the provider wants no key");
    }
    List<String> models = models(section);
    Map<String, Long> caps = OutputCapReader.read(section);
    Profile explicit = profile(section);
    if (name == null || url == null || apiKey == null) {
      return null;
    }
    Profile profile = explicit == null ? Profile.of(name, url) : explicit;
    return new ProviderConfig(new Provider(name, url, profile, models, caps), apiKey);
  }

  private static @Nullable Profile profile(Section section) {
    Node.Text text = section.text("profile");
    if (text == null) {
      return null;
    }
    Profile profile = Profile.named(text.value().strip());
    if (profile == null) {
      String nearest = NearestName.of(text.value(), Profile.keys());
      section.wrong(
          "profile",
          text,
          "one of " + String.join(", ", Profile.keys())
              + (nearest == null ? "" : "; nearest: " + nearest));
    }
    return profile;
  }

  private @Nullable String name(String path, Section section) {
    Node.Text text = section.text("name");
    if (text == null) {
      if (section.get("name") == null) {
        section.missing("name", "the name that routes use");
      }
      return null;
    }
    String name = text.value().strip();
    if (name.isEmpty() || name.indexOf(',') >= 0 || !ConfigProblems.printable(name).equals(name)) {
      section.wrong("name", text, "a name without commas and control characters");
      return null;
    }
    for (Map.Entry<String, String> other : places.entrySet()) {
      if (other.getKey().equalsIgnoreCase(name)) {
        section.wrong("name", text, "a name other than that of " + other.getValue());
        return null;
      }
    }
    places.put(name, path);
    return name;
  }

  private @Nullable URI url(Section section) {
    Node.Text text = section.text("api_base_url");
    if (text == null) {
      if (section.get("api_base_url") == null) {
        section.missing("api_base_url", "an absolute http or https URL");
      }
      return null;
    }
    URI url = null;
    String fault = null;
    try {
      url = new URI(text.value().strip());
      fault = fault(url);
    } catch (URISyntaxException e) {
      fault = "an absolute http or https URL";
    }
    if (fault != null) {
      String shown = ConfigProblems.quoted(redacted(text.value()));
      problems.problem(text.line(), section.path("api_base_url"), shown, fault);
      return null;
    }
    return url;
  }

  private static @Nullable String fault(URI url) {
    String scheme = url.getScheme();
    boolean http = "http".equalsIgnoreCase(scheme) || "https".equalsIgnoreCase(scheme);
    String authority = url.getRawAuthority();
    if (http && authority != null && authority.indexOf('@') >= 0) {
      return "a URL without user information, since secrets belong in api_key";
    }
    if (!http || url.getHost() == null || url.getPort() == 0 || url.getPort() > MAX_PORT) {
      return "an absolute http or https URL";
    }
    return url.getRawFragment() == null ? null : "a URL without a fragment";
  }

  /** The URL without the parts that may hold a secret: user information and query. */
  private static String redacted(String url) {
    int at = url.lastIndexOf('@');
    int slashes = url.indexOf("//");
    String start = at < 0 || slashes < 0 || slashes > at ? "" : url.substring(0, slashes + 2);
    String open = at < 0 ? url : start + "***" + url.substring(at);
    int query = open.indexOf('?');
    return query < 0 ? open : open.substring(0, query) + "?***";
  }

  private List<String> models(Section section) {
    List<String> models = new ArrayList<>();
    Node.Array array = section.array("models", "an array of strings");
    List<Node> items = array == null ? List.of() : array.items();
    for (int i = 0; i < items.size(); i++) {
      Node item = items.get(i);
      String key = "models[" + i + "]";
      if (!(item instanceof Node.Text text)) {
        section.wrong(key, item, "a string");
      } else if (text.value().isBlank()) {
        section.wrong(key, item, "a model's name");
      } else {
        models.add(text.value().strip());
      }
    }
    return models;
  }
}
