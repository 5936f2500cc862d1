package dev.ccr.proxy.config;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import dev.ccr.proxy.model.Glob;
import dev.ccr.proxy.model.Profile;
import dev.ccr.proxy.model.Provider;
import dev.ccr.proxy.model.Scenario;
import java.io.IOException;
import java.io.StringWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Says a configuration in the documented JSON: what a default says anyway is left out. The text
 * holds the keys that the configuration held; those it referred to are referred to again. Any
 * thread may use it.
 */
public final class ConfigWriter {

  /** What of a configuration is not its content. */
  static final Set<String> NOT_WRITTEN = Set.of("source", "warnings");

  private static final JsonFactory FACTORY = new JsonFactory();
  private static final Separators SEPARATORS =
      Separators.createDefaultInstance()
          .withObjectFieldValueSpacing(Separators.Spacing.AFTER)
          .withArrayEmptySeparator("");

  private ConfigWriter() {}

  /**
   * Writes a whole configuration. The text is read again and compared, so nothing is lost unsaid.
   *
   * @param env with which the text is read again
   * @throws ConfigException if the JSON form cannot hold what the configuration says
   */
  public static String json(Config config, Map<String, String> env) throws ConfigException {
    String text = text(out -> write(config, out));
    Config read = ConfigReader.parse("config.json", text, env);
    ConfigProblems problems = new ConfigProblems("config.json");
    for (String part : Differences.of(config, read)) {
      if (!NOT_WRITTEN.contains(part)) {
        problems.problem(
            ConfigProblems.WHOLE_FILE,
            part + ": says more than can be written",
            "what docs/configuration.md describes for JSON");
      }
    }
    problems.throwIfAny();
    return text;
  }

  /**
   * Writes a configuration of one provider, whose model is the default. Nothing is checked.
   *
   * @param apiKey for clients; may be empty
   */
  public static String first(String name, String key, String url, String model, String apiKey) {
    return text(
        out -> {
          out.writeStringField("HOST", Defaults.HOST);
          out.writeNumberField("PORT", Defaults.PORT);
          if (!apiKey.isEmpty()) {
            out.writeStringField("APIKEY", apiKey);
          }
          out.writeArrayFieldStart("Providers");
          out.writeStartObject();
          provider(name, url, List.of(ApiKey.of(Secret.of(key))), List.of(model), out);
          out.writeEndObject();
          out.writeEndArray();
          out.writeObjectFieldStart("Router");
          out.writeStringField(Scenario.DEFAULT.key(), name + "," + model);
          out.writeEndObject();
        });
  }

  private static void write(TlsListening tls, JsonGenerator out) throws IOException {
    out.writeObjectFieldStart("TLS");
    out.writeStringField("certificate", tls.certificate().toString());
    out.writeStringField("key", tls.key().toString());
    if (tls.clientAuthority() != null) {
      out.writeStringField("client_ca", tls.clientAuthority().toString());
    }
    out.writeStringField("host", tls.host());
    out.writeNumberField("port", tls.port());
    out.writeEndObject();
  }

  private static void write(Config config, JsonGenerator out) throws IOException {
    out.writeStringField("HOST", config.server().host());
    out.writeNumberField("PORT", config.server().port());
    if (!config.server().apiKey().isEmpty()) {
      out.writeStringField("APIKEY", config.server().apiKey().written());
    }
    ClientKeysWriter.write(config.server().clientKeys(), out);
    if (!config.allowedHosts().isEmpty()) {
      RoutesWriter.strings(
          "ALLOWED_HOSTS", config.allowedHosts().stream().map(Glob::pattern).toList(), out);
    }
    TlsListening tls = config.server().tls();
    if (tls != null) {
      write(tls, out);
    }
    if (config.server().unixSocket() != null) {
      out.writeStringField("UNIX_SOCKET", config.server().unixSocket().toString());
    }
    if (config.logLevel() != Defaults.LOG_LEVEL) {
      out.writeStringField("LOG_LEVEL", lower(config.logLevel()));
    }
    LimitsWriter.write(config, out);
    if (!config.claudePath().isEmpty()) {
      out.writeStringField("CLAUDE_PATH", config.claudePath());
    }
    ForwardProxy proxy = config.forwardProxy();
    if (proxy != null) {
      out.writeStringField("PROXY_URL", proxy.configured().written());
    }
    RetryWriter.write(config, out);
    tls("UPSTREAM_TLS", config.tls(), out);
    if (config.errors() != Defaults.ERRORS) {
      out.writeStringField("errors", lower(config.errors()));
    }
    out.writeArrayFieldStart("Providers");
    for (ProviderConfig each : config.providers()) {
      out.writeStartObject();
      Provider provider = each.provider();
      provider(
          provider.name(),
          provider.url().toString(),
          each.keys(),
          provider.models(),
          out);
      if (provider.profile() != Profile.of(provider.name(), provider.url())) {
        out.writeStringField("profile", provider.profile().key());
      }
      if (!provider.modelWhitelist().isEmpty()) {
        RoutesWriter.strings("model_whitelist", provider.modelWhitelist(), out);
      }
      caps(provider.maxOutputTokens(), out);
      outbound(each.outbound(), out);
      out.writeEndObject();
    }
    out.writeEndArray();
    RoutesWriter.write(config.routes(), out);
  }

  private static void provider(
      String name, String url, List<ApiKey> keys, List<String> models, JsonGenerator out)
      throws IOException {
    out.writeStringField("name", name);
    out.writeStringField("api_base_url", url);
    RetryWriter.keys(keys, out);
    RoutesWriter.strings("models", models, out);
  }

  private static void tls(String field, TlsFiles tls, JsonGenerator out) throws IOException {
    List<Pem> named = tls.authorities().stream().filter(each -> !each.written().isEmpty()).toList();
    Pem certificate = tls.certificate();
    Pem key = tls.key();
    if (named.isEmpty() && certificate == null) {
      return;
    }
    out.writeObjectFieldStart(field);
    if (!named.isEmpty()) {
      out.writeStringField("ca", named.getFirst().written());
    }
    if (certificate != null && key != null) {
      out.writeStringField("certificate", certificate.written());
      out.writeStringField("key", key.written());
    }
    out.writeEndObject();
  }

  private static void outbound(Outbound outbound, JsonGenerator out) throws IOException {
    tls("tls", outbound.tls(), out);
    ForwardProxy proxy = outbound.proxy();
    if (outbound.direct()) {
      out.writeStringField("proxy", "direct");
    } else if (proxy != null) {
      out.writeStringField("proxy", proxy.configured().written());
    }
  }

  private static void caps(Map<String, Long> caps, JsonGenerator out) throws IOException {
    Long forAll = caps.get("");
    if (forAll != null && caps.size() == 1) {
      out.writeNumberField(OutputCapReader.KEY, forAll);
    } else if (!caps.isEmpty()) {
      out.writeObjectFieldStart(OutputCapReader.KEY);
      for (String model : caps.keySet().stream().sorted().toList()) {
        out.writeNumberField(model, caps.getOrDefault(model, 0L));
      }
      out.writeEndObject();
    }
  }

  /** Writes the fields of one object. */
  private interface Fields {
    void write(JsonGenerator out) throws IOException;
  }

  private static String text(Fields fields) {
    StringWriter text = new StringWriter();
    try (JsonGenerator out = FACTORY.createGenerator(text)) {
      out.setPrettyPrinter(new DefaultPrettyPrinter(SEPARATORS));
      out.writeStartObject();
      fields.write(out);
      out.writeEndObject();
    } catch (IOException e) {
      throw new AssertionError("writing to memory cannot fail", e);
    }
    return text + "\n";
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
