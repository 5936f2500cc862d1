package dev.ccr.proxy.config;

import static dev.ccr.proxy.config.Keys.ignored;
import static dev.ccr.proxy.config.Keys.passedOver;
import static dev.ccr.proxy.config.Keys.read;
import static dev.ccr.proxy.config.Keys.secret;

import dev.ccr.proxy.model.Scenario;
import java.util.Arrays;

/** All keys of the configuration, of every format. The JSON schema has the same. */
final class KnownKeys {
  private static final String NOT_YET = "not supported yet: ignored";
  private static final String NO_SCRIPTS =
      "JavaScript, which this router does not run: ignored";
  private static final String OLD = "read in files without Providers only: ignored";

  /** Where a scenario is spelled in more than one way. */
  private static final Keys SCENARIOS =
      new Keys(Arrays.stream(Scenario.values()).map(KnownKeys::scenario).toList());

  static final Keys ROOT =
      new Keys(
          passedOver("$schema"),
          read("HOST", "host"),
          read("PORT", "port"),
          secret("APIKEY", "api_key"),
          read("CLIENT_KEYS"),
          read("ALLOWED_HOSTS"),
          read("TLS"),
          read("UNIX_SOCKET"),
          read("LOG_LEVEL"),
          read("API_TIMEOUT_MS"),
          read("STREAM_IDLE_TIMEOUT_MS"),
          read("TOTAL_TIMEOUT_MS"),
          read("UPSTREAM_CONNECTIONS_PER_ORIGIN"),
          read("CONNECT_TIMEOUT_MS"),
          read("PING_INTERVAL_MS"),
          read("EARLY_COMMENTS_MS"),
          read("GRACE_PERIOD_MS"),
          read("DRAIN_DELAY_MS"),
          read("MAX_BYTES_IN_FLIGHT"),
          read("MAX_REQUESTS_IN_FLIGHT"),
          read("MAX_CONNECTIONS"),
          read("CLIENT_HEADER_TIMEOUT_MS"),
          read("CLIENT_BODY_TIMEOUT_MS"),
          read("CLIENT_WRITE_TIMEOUT_MS"),
          read("CLIENT_IDLE_TIMEOUT_MS"),
          secret("PROXY_URL", "HTTPS_PROXY", "httpsProxy"),
          read("errors"),
          read("Providers", "providers"),
          read("Router", "router"),
          read("fallback"),
          read("retry"),
          read("circuitBreaker"),
          read("domain_mappings"),
          read("UPSTREAM_TLS"),
          read("CLAUDE_PATH"),
          ignored(OLD, OldFile.API_KEY),
          ignored(OLD, OldFile.BASE_URL),
          ignored(OLD, OldFile.MODEL),
          ignored(NOT_YET, "LOG"),
          ignored(NOT_YET, "NON_INTERACTIVE_MODE"),
          ignored(NOT_YET, "REWRITE_SYSTEM_PROMPT"),
          ignored(NOT_YET, "forceUseImageAgent"),
          ignored(NOT_YET, "StatusLine"),
          ignored(NO_SCRIPTS + "; Router.rules choose models too", "CUSTOM_ROUTER_PATH"),
          ignored(NO_SCRIPTS, "transformers"),
          ignored(NO_SCRIPTS, "plugins", "Plugins"));

  static final Keys TLS =
      new Keys(read("certificate"), read("key"), read("client_ca"), read("host"), read("port"));

  static final Keys PROVIDER =
      new Keys(
          read("name"),
          read("api_base_url", "url", "baseUrl", "baseurl", "base_url"),
          secret("api_key", "apiKey", "apikey"),
          read("models"),
          read("default_models"),
          read("model_whitelist"),
          read("profile"),
          read("type", "protocol"),
          read("enabled"),
          read("max_output_tokens"),
          read("transformer"),
          secret("proxy"),
          read("tls"),
          ignored(NOT_YET, "tokenizer"),
          ignored(NOT_YET, "extraHeaders"),
          ignored(NOT_YET, "extraBody"),
          ignored(NOT_YET, "credentials"));

  static final Keys UPSTREAM_TLS = new Keys(read("ca"));

  static final Keys PROVIDER_TLS = new Keys(read("ca"), read("certificate"), read("key"));

  static final Keys ROUTER =
      new Keys(
              read("longContextThreshold", "long_context_threshold"),
              read("thinkEfforts"),
              read("rules"),
              read("fallback"),
              ignored(NOT_YET, "builtInRules"))
          .and(SCENARIOS.all());

  static final Keys FALLBACK = SCENARIOS;

  static final Keys API_KEY = new Keys(secret("key"), read("weight"));

  static final Keys RETRY =
      new Keys(read("attempts"), read("baseDelayMs"), read("maxDelayMs"), read("statuses"));

  static final Keys CIRCUIT_BREAKER =
      new Keys(read("failures"), read("openMs"), read("failFast"));

  static final Keys RULE =
      new Keys(
          read("name"),
          read("model"),
          read("tool"),
          read("header", "headers"),
          read("agentId"),
          read("sessionId"),
          read("minTokens"),
          read("maxTokens"),
          read("to"));

  static final Keys CLIENT_KEY =
      new Keys(
          read("name"),
          secret("key"),
          secret("sha256"),
          read("models"),
          read("expires"),
          read("requestsPerMinute"),
          read("tokensPerMinute"),
          read("concurrent"));

  private KnownKeys() {}

  private static Keys.Key scenario(Scenario scenario) {
    return switch (scenario) {
      case LONG_CONTEXT -> read(scenario.key(), "long_context");
      case WEB_SEARCH -> read(scenario.key(), "web_search");
      default -> read(scenario.key());
    };
  }
}
