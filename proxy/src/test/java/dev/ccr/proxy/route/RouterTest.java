package dev.ccr.proxy.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.ccr.proxy.model.ModelRef;
import dev.ccr.proxy.model.Profile;
import dev.ccr.proxy.model.Provider;
import dev.ccr.proxy.model.RequestException;
import dev.ccr.proxy.model.RequestFacts;
import dev.ccr.proxy.model.Route;
import dev.ccr.proxy.model.Routes;
import dev.ccr.proxy.model.Scenario;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RouterTest {

  private static final List<Provider> PROVIDERS =
      List.of(
          provider("OpenRouter", "deepseek/r1", "both"),
          provider("local", "qwen", "both", "a,b"));

  private static Provider provider(String name, String... models) {
    return new Provider(name, URI.create("http://" + name), List.of(models));
  }

  private static RequestFacts asking(@Nullable String model) {
    return new RequestFacts(model, -1, -1, false);
  }

  private static Router router(@Nullable ModelRef defaultRoute) {
    return new Router(
        PROVIDERS,
        defaultRoute == null ? Routes.NONE : Routes.of(Map.of(Scenario.DEFAULT, defaultRoute)));
  }

  private static Route route(Router router, RequestFacts facts) throws RequestException {
    return Objects.requireNonNull(router.route(facts, RequestHeaders.NONE, Tokens.of(1)));
  }

  private static String routed(Router router, @Nullable String model) throws RequestException {
    Route route = route(router, asking(model));
    return route.rule() + " " + route.provider().name() + " " + route.model();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = ';',
      value = {
        "local,qwen; explicit local qwen",
        "LOCAL,Qwen; explicit local Qwen",
        "openrouter,deepseek/r1:online; explicit OpenRouter deepseek/r1:online",
        "local,a,b; explicit local a,b",
        "claude-ccr-openrouter,glm-5; explicit OpenRouter glm-5",
        "Claude-CCR-Local,qwen; explicit local qwen",
        "' local , not listed '; explicit local not listed",
        "claude-sonnet-4-5; default local qwen",
        "deepseek/r1; default local qwen"
      })
  void anExplicitModelGoesBeforeTheDefault(String model, String route) throws RequestException {
    assertEquals(route, routed(router(new ModelRef("Local", "qwen")), model));
  }

  @Test
  void aRequestWithoutAModelGoesToTheDefault() throws RequestException {
    Router router = router(new ModelRef("openrouter", "m:free"));
    assertEquals("default OpenRouter m:free", routed(router, null));
  }

  @ParameterizedTest
  @CsvSource({"deepseek/r1, OpenRouter", "qwen, local"})
  void withoutADefaultTheOnlyProviderThatListsTheModelAnswers(String model, String provider)
      throws RequestException {
    assertEquals(
        "listed " + provider + " " + model, routed(router(null), model));
  }

  @ParameterizedTest(name = "<{0}>")
  @CsvSource({"'', ''", "nothing, nothing", "QWEN, QWEN", "both, both"})
  void withoutADefaultAModelThatNobodyOrMoreThanOneListsIsNotFound(
      String model, String shown) {
    RequestException failure =
        assertThrows(
            RequestException.class,
            () -> route(router(null), asking(model.isEmpty() ? null : model)));
    assertEquals(404, failure.status());
    assertEquals(
        "model: \"" + shown + "\" (expected: provider,model, or a Router.default in the"
            + " configuration, or a name that one provider lists)",
        failure.getMessage());
  }

  @Test
  void anUnknownProviderIsNotFoundEvenIfThereIsADefault() {
    Router router = router(new ModelRef("local", "qwen"));
    RequestException failure =
        assertThrows(RequestException.class, () -> route(router, asking("nobody,a,b")));
    assertEquals(404, failure.status());
    assertEquals(
        "model: \"nobody,a,b\" (expected: a configured provider: OpenRouter, local)",
        failure.getMessage());
  }

  @Test
  void aModelThatTheWhitelistLeavesOutIsNotFound() throws RequestException {
    Provider lab =
        new Provider(
            "lab", URI.create("http://lab"), Profile.PLAIN, List.of(), List.of("glm"), Map.of());
    Router router = new Router(List.of(lab), Routes.NONE);
    assertEquals("explicit lab z-ai/glm-5", routed(router, "lab,z-ai/glm-5"));
    RequestException failure =
        assertThrows(RequestException.class, () -> route(router, asking("lab,qwen")));
    assertEquals(
        "model: \"lab,qwen\" (expected: one that the provider's model_whitelist allows: glm)",
        failure.getMessage());
  }

  @ParameterizedTest
  @CsvSource(delimiter = ';', value = {"local,", "',qwen'", "',';", "' , '"})
  void halfAnExplicitModelIsInvalid(String model) {
    RequestException failure =
        assertThrows(
            RequestException.class, () -> route(router(null), asking(model)));
    assertEquals(400, failure.status());
    assertEquals(
        "model: \"" + model + "\" (expected: provider,model)", failure.getMessage());
  }
}
