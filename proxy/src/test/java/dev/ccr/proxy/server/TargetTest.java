package dev.ccr.proxy.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ccr.proxy.attempt.ProviderHealth;
import dev.ccr.proxy.config.Defaults;
import dev.ccr.proxy.config.ProviderConfig;
import dev.ccr.proxy.config.Secret;
import dev.ccr.proxy.config.Way;
import dev.ccr.proxy.model.Provider;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TargetTest {

  @ParameterizedTest(name = "{0} with {1}")
  @CsvSource({
    "https://o.example/v1/chat/completions, '', /v1/chat/completions",
    "https://o.example/v1/chat/completions, beta=true, /v1/chat/completions",
    "https://o.example/chat?api-version=1, beta=true, /chat?api-version=1",
    "https://o.example/a%20b?q=%2F, '', /a%20b?q=%2F",
    "https://o.example, '', /",
    "https://o.example?k=v, '', /?k=v",
    "https://o.example/#f, '', /",
    "https://a.example/v1/messages, '', /v1/messages",
    "https://a.example/v1/messages, beta=true, /v1/messages?beta=true",
    "https://a.example/v1/messages?k=v, beta=true, /v1/messages?k=v&beta=true",
    "https://api.anthropic.com, beta=true, /?beta=true"
  })
  void requestsArePostedToTheConfiguredPath(URI url, String query, String path) {
    Provider provider = new Provider("p", url, List.of());
    ProviderConfig config = new ProviderConfig(provider, Secret.NONE);
    ProviderHealth health = ProviderHealth.of(config, Defaults.CIRCUIT, null);
    assertEquals(path, Target.of(config, Way.DIRECT, health).pathWith(query));
  }
}
