package dev.ccr.proxy.config;

import dev.ccr.proxy.model.Profile;
import dev.ccr.proxy.model.Provider;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads one provider. */
final class ProviderReader {
  private static final String URL = "api_base_url";

  /**
   * What came of a provider.
   *
   * @param name {@code null} if that is at fault
   * @param leftOut why routes must not use it; {@code null} if they may
   * @param config {@code null} if something is at fault or it is left out
   */
  record Result(
      @Nullable String name, @Nullable String leftOut, @Nullable ProviderConfig config) {}

  private final DomainMappings mappings;
  private final SecretReader secrets;
  private final ConfigProblems problems;

  ProviderReader(DomainMappings mappings, SecretReader secrets, ConfigProblems problems) {
    this.mappings = mappings;
    this.secrets = secrets;
    this.problems = problems;
  }

  /**
   * Reads a provider.
   *
   * @param otherwise the name if the object has none
   * @param path of the object
   * @param places where each name was read first; gets the new one
   */
  Result read(
      Section section, Node.@Nullable Text otherwise, String path, Map<String, String> places) {
    String name = name(section, otherwise, path, places);
    if (isDisabled(section)) {
      return new Result(name, "one that is not disabled", null);
    }
    URI url = url(section, name);
    List<ApiKey> apiKeys = secrets.all(section, "api_key");
    if (section.get("api_key") == null) {
      section.missing("api_key", "a string, empty if the provider wants no key");
    }
    List<String> models = section.strings("models", "a model's name");
    List<String> defaults = section.strings("default_models", "a model's name");
    List<String> whitelist = section.strings("model_whitelist", "a part of models' names");
    TransformerReader transformer = new TransformerReader(problems);
    transformer.read(section);
    Map<String, Long> caps = new HashMap<>(transformer.caps());
    caps.putAll(OutputCapReader.read(section));
    Profile explicit = profile(section);
    Outbound outbound = ForwardProxyReader.outbound(section, problems);
    Hint protocol = protocol(section);
    Hint hint = protocol == null ? transformer.hint() : protocol;
    if (name == null || url == null) {
      return new Result(name, null, null);
    }
    Accent accent = Accent.of(name, url, explicit, mappings.of(url), hint);
    if (!accent.format().isSpoken()) {
      String reason = accent.format().title() + " is not spoken yet";
      String shown =
          section.get("name") instanceof Node.Text text
              ? text.shown()
              : ConfigProblems.quoted(name);
      problems.warning(section.line(), path + ": " + reason + ": " + shown + " is left out");
      return new Result(name, "a provider that can be spoken to; " + reason, null);
    }
    if (accent.moved()) {
      warnOfMove(section, accent);
    }
    if (apiKeys == null) {
      return new Result(name, null, null);
    }
    Provider provider =
        new Provider(
            name,
            accent.url(),
            accent.profile(),
            models.isEmpty() ? defaults : models,
            whitelist,
            caps);
    return new Result(name, null, new ProviderConfig(provider, apiKeys, outbound));
  }

  private void warnOfMove(Section section, Accent accent) {
    Node url = section.get(URL);
    problems.warning(
        url == null ? section.line() : url.line(),
        section.path(URL)
            + ": "
            + Format.GEMINI.title()
            + " is not spoken yet: requests go to "
            + accent.url()
            + ", where the same key and models are good");
  }

  private static boolean isDisabled(Section section) {
    Node node = section.get("enabled");
    if (node == null || (node instanceof Node.Word word && !word.isNull())) {
      return node instanceof Node.Word word && word.literal().equals("false");
    }
    section.wrong("enabled", node, "true or false");
    return false;
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

  private @Nullable Hint protocol(Section section) {
    Node.Text text = section.text("type");
    if (text == null || text.isEmpty()) {
      return null;
    }
    Hint hint = Hint.named(text.value().strip());
    if (hint == null) {
      problems.warning(
          text.line(), section.path("type") + ": " + text.shown() + ": unknown: ignored");
    }
    return hint;
  }

  private static @Nullable String name(
      Section section, Node.@Nullable Text otherwise, String path, Map<String, String> places) {
    Node.Text text = section.text("name");
    if (text == null && section.get("name") == null) {
      text = otherwise;
      if (text == null) {
        section.missing("name", "the name that routes use");
      }
    }
    if (text == null) {
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

  private @Nullable URI url(Section section, @Nullable String name) {
    Node.Text text = section.text(URL);
    if (text != null) {
      return UrlReader.endpoint(text, section.path(URL), problems);
    }
    if (section.get(URL) != null) {
      return null;
    }
    URI known = name == null ? null : Defaults.URLS.get(name.toLowerCase(Locale.ROOT));
    if (known == null) {
      section.missing(URL, "an absolute http or https URL");
    }
    return known;
  }
}
