package dev.ccr.proxy.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class NearestNameTest {

  @ParameterizedTest
  @CsvSource({
    "Routr, Router",
    "ROUTER, Router",
    "Routers, Router",
    "PROT, PORT",
    "apikey, api_key",
    "api_kye, api_key",
    "Rtr, ",
    "foo, ",
    "q, ",
    "'', ",
    "api_base, ",
  })
  void nearestIsTwoEditsAwayAtMost(String name, @Nullable String nearest) {
    List<String> known = List.of("HOST", "PORT", "LOG", "Router", "api_key", "api_base_url");
    assertEquals(nearest, NearestName.of(name, known));
  }
}
