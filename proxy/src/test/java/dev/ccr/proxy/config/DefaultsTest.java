package dev.ccr.proxy.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
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
        port with TLS 6971
        key to enter: none
        log level INFO
        models []
        request body 33554432 B
        connect PT10S
        first byte PT10M
        stream idle PT5M
        total PT0S
        client header PT30S
        client request PT1M
        client body 4096 B/s
        client write PT5M
        client keep-alive PT10M
        idle upstream connections 64
        upstream keep-alive PT55S
        upstream connections 1024
        ping PT15S
        early comments PT0S
        grace period PT30S
        drain delay PT0S
        bytes in flight 0 B
        requests in flight 10000
        connections 20000
        lag PT0.25S
        attempts 1, PT0.5S to PT10S, []
        circuit 5, PT30S, false
        errors RAW
        proxy none
        long context 60000
        think efforts [max, xhigh]
        url anthropic https://api.anthropic.com/v1/messages
        url gemini https://generativelanguage.googleapis.com/v1beta/openai/chat/completions
        url nvidia https://integrate.api.nvidia.com/v1/chat/completions
        url openai https://api.openai.com/v1/chat/completions
        url openrouter https://openrouter.ai/api/v1/chat/completions
        """,
        table(config));
  }

  private static String table(Config config) {
    Limits limits = config.limits();
    return String.join(
        "\n",
        "host " + config.server().host(),
        "port " + config.server().port(),
        "port with TLS " + Defaults.TLS_PORT,
        "key to enter: " + (config.server().apiKey().isEmpty() ? "none" : "some"),
        "log level " + config.logLevel(),
        "models " + config.providers().get(0).provider().models(),
        "request body " + limits.requestBodyBytes() + " B",
        "connect " + limits.connect(),
        "first byte " + limits.firstByte(),
        "stream idle " + limits.streamIdle(),
        "total " + limits.total(),
        "client header " + limits.clientHeader(),
        "client request " + limits.clientRequest(),
        "client body " + limits.clientBodyRate() + " B/s",
        "client write " + limits.clientWrite(),
        "client keep-alive " + limits.clientKeepAlive(),
        "idle upstream connections " + limits.idleUpstreamConnectionsPerOrigin(),
        "upstream keep-alive " + limits.upstreamKeepAlive(),
        "upstream connections " + limits.upstreamConnectionsPerOrigin(),
        "ping " + config.liveness().ping(),
        "early comments " + config.liveness().earlyComments(),
        "grace period " + config.liveness().gracePeriod(),
        "drain delay " + config.liveness().drainDelay(),
        "bytes in flight " + limits.bytesInFlight() + " B",
        "requests in flight " + limits.requestsInFlight(),
        "connections " + limits.connections(),
        "lag " + Defaults.MAX_LAG,
        "attempts " + config.retry().attempts() + ", " + config.retry().baseDelay() + " to "
            + config.retry().maxDelay() + ", " + config.retry().statuses(),
        "circuit " + config.circuit().failures() + ", " + config.circuit().open() + ", "
            + config.circuit().failFast(),
        "errors " + config.errors(),
        "proxy " + (config.forwardProxy() == null ? "none" : "some"),
        "long context " + config.routes().longContextThreshold(),
        "think efforts " + new TreeSet<>(config.routes().thinkEfforts()),
        new TreeMap<>(Defaults.URLS)
            .entrySet().stream()
                .map(url -> "url " + url.getKey() + " " + url.getValue())
                .collect(Collectors.joining("\n")),
        "");
  }
}
