package dev.ccr.proxy.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.junit.jupiter.api.Test;

final class DefaultsTest {

  @Test
  void silentConfigurationGetsTheDefaults() throws ConfigException {
    Config config =
        ConfigReader.parse(
            "config.json",
            """
            {"Providers": [{"name": "p", "api_base_url": "http://localhost/", "api_key": ""}]}
            """,
            Map.of());
    assertEquals(
        """
        host 127.0.0.1
        port 6970
        key to enter: none
        log level INFO
        models []
        request body 33554432 B
        connect PT10S
        first byte PT10M
        stream idle PT5M
        client request PT1M
        client keep-alive PT10M
        idle upstream connections 64
        upstream keep-alive PT55S
        """,
        table(config));
  }

  private static String table(Config config) {
    Limits limits = config.limits();
    return String.join(
        "\n",
        "host " + config.server().host(),
        "port " + config.server().port(),
        "key to enter: " + (config.server().apiKey().isEmpty() ? "none" : "some"),
        "log level " + config.logLevel(),
        "models " + config.providers().get(0).provider().models(),
        "request body " + limits.requestBodyBytes() + " B",
        "connect " + limits.connect(),
        "first byte " + limits.firstByte(),
        "stream idle " + limits.streamIdle(),
        "client request " + limits.clientRequest(),
        "client keep-alive " + limits.clientKeepAlive(),
        "idle upstream connections " + limits.idleUpstreamConnectionsPerOrigin(),
        "upstream keep-alive " + limits.upstreamKeepAlive(),
        "");
  }
}
