package dev.ccr.cli.code;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.ccr.cli.terminal.RouterUrl;
import dev.ccr.proxy.config.ClientKeyConfig;
import dev.ccr.proxy.config.Config;
import dev.ccr.proxy.config.Secret;
import dev.ccr.proxy.config.Server;
import dev.ccr.proxy.model.Scenario;
import java.io.IOException;
import java.io.StringWriter;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The variables by which Claude Code talks to a router and to nobody else. Immutable; prints
 * without the token.
 *
 * @param required those that have to be as they are here, by their names
 * @param preset those that the user may say otherwise, and has not
 * @param unset those that must not be set: each of them would lead Claude Code elsewhere, or to
 *     another key
 */
public record ClaudeEnvironment(
    Map<String, String> required, Map<String, String> preset, List<String> unset) {

  /** What is sent to a router that asks for no key: without any token Claude Code wants a login. */
  static final String NO_KEY = "ccr";

  /** The router's rule for the background is after this family of models. */
  static final String SMALL_MODEL = "claude-haiku-4-5";

  private static final String TOKEN = "ANTHROPIC_AUTH_TOKEN";
  private static final String HAIKU = "ANTHROPIC_DEFAULT_HAIKU_MODEL";
  private static final String SMALL_FAST = "ANTHROPIC_SMALL_FAST_MODEL"; // the same, formerly

  private static final List<String> UNSET =
      List.of(
          "ANTHROPIC_API_KEY",
          "ANTHROPIC_UNIX_SOCKET",
          "CLAUDE_CODE_USE_ANTHROPIC_AWS",
          "CLAUDE_CODE_USE_ANTHROPIC_GOOGLE_CLOUD",
          "CLAUDE_CODE_USE_BEDROCK",
          "CLAUDE_CODE_USE_FOUNDRY",
          "CLAUDE_CODE_USE_GATEWAY",
          "CLAUDE_CODE_USE_MANTLE",
          "CLAUDE_CODE_USE_VERTEX");

  private static final JsonFactory JSON = new JsonFactory();

  public ClaudeEnvironment {
    required = Collections.unmodifiableMap(new TreeMap<>(required));
    preset = Collections.unmodifiableMap(new TreeMap<>(preset));
    unset = List.copyOf(unset);
  }

  /**
   * The variables for a router.
   *
   * @param env the user's own; empty ones count as not set
   * @param router where clients reach it
   */
  public static ClaudeEnvironment of(Config config, Map<String, String> env, RouterUrl router) {
    String noProxy = NoProxy.merged(env, router);
    Map<String, String> required =
        Map.of(
            "ANTHROPIC_BASE_URL", router.toString(),
            TOKEN, token(config.server(), env),
            NoProxy.UPPER, noProxy,
            NoProxy.LOWER, noProxy);
    Map<String, String> preset = new HashMap<>();
    preset.put("API_TIMEOUT_MS", String.valueOf(config.limits().firstByte().toMillis()));
    preset.put("CLAUDE_CODE_ENABLE_GATEWAY_MODEL_DISCOVERY", "1");
    if (config.routes().target(Scenario.BACKGROUND) != null && !isSet(SMALL_FAST, env)) {
      preset.put(HAIKU, SMALL_MODEL);
    }
    preset.keySet().removeIf(name -> isSet(name, env));
    return new ClaudeEnvironment(required, preset, UNSET);
  }

  /** The router's own key, or a client's; if the file has digests only, the one that is set. */
  private static String token(Server server, Map<String, String> env) {
    String own =
        Stream.concat(
                Stream.of(server.apiKey()),
                server.clientKeys().stream()
                    .filter(each -> !each.client().isExpired(Instant.now()))
                    .map(ClientKeyConfig::key))
            .filter(key -> !key.isEmpty())
            .map(Secret::reveal)
            .findFirst()
            .orElse("");
    String set = server.isOpen() ? "" : env.getOrDefault(TOKEN, "");
    return own.isEmpty() ? set.isEmpty() ? NO_KEY : set : own;
  }

  /** All that is to be set, by their names. */
  public Map<String, String> set() {
    Map<String, String> all = new TreeMap<>(preset);
    all.putAll(required);
    return Collections.unmodifiableMap(all);
  }

  /** The names of the variables that settings say otherwise, so that they lead elsewhere. */
  public List<String> overruledBy(ClaudeSettings settings) {
    return settings.env().entrySet().stream()
        .filter(
            each -> {
              String wanted = required.get(each.getKey());
              return wanted == null
                  ? unset.contains(each.getKey()) && !each.getValue().isEmpty()
                  : !wanted.equals(each.getValue());
            })
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }

  /** Changes an environment into the one for Claude Code. */
  public void applyTo(Map<String, String> env) {
    env.keySet().removeAll(unset);
    env.putAll(set());
  }

  /**
   * The value of Claude Code's option {@code --settings}. What the user's own settings say of the
   * environment counts more than the environment itself, and this counts more than both; so it has
   * only what has to be so. Empty variables count as not set there.
   */
  public String settingsJson() {
    StringWriter text = new StringWriter();
    try (JsonGenerator out = JSON.createGenerator(text)) {
      out.writeStartObject();
      out.writeObjectFieldStart("env");
      for (Map.Entry<String, String> each : required.entrySet()) {
        out.writeStringField(each.getKey(), each.getValue());
      }
      for (String name : unset) {
        out.writeStringField(name, "");
      }
      out.writeEndObject();
      out.writeEndObject();
    } catch (IOException e) {
      throw new AssertionError("writing to memory cannot fail", e);
    }
    return text.toString();
  }

  @Override
  public String toString() {
    Map<String, String> shown = new TreeMap<>(set());
    shown.put(TOKEN, "***");
    return shown + ", without " + unset;
  }

  private static boolean isSet(String name, Map<String, String> env) {
    return !env.getOrDefault(name, "").isEmpty();
  }
}
