package dev.ccr.proxy.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ModelRefTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "p,m; p; m",
        "openrouter,anthropic/sonnet:online; openrouter; anthropic/sonnet:online",
        "p,a,b; p; a,b",
        "p,,b; p; ,b",
        "'  p\t,\u2003m '; p; m",
        "my provider,my model; my provider; my model"
      })
  void theFirstCommaParts(String text, String provider, String model) {
    assertTrue(ModelRef.isExplicit(text));
    ModelRef ref = ModelRef.parse(text);
    assertEquals(new ModelRef(provider, model), ref);
    assertEquals(provider + "," + model, ref.toString());
  }

  @ParameterizedTest(name = "<{0}>")
  @ValueSource(strings = {"", "m", ",", "p,", ",m", " , "})
  void bothHalvesAreNeeded(String text) {
    IllegalArgumentException failure =
        assertThrows(IllegalArgumentException.class, () -> ModelRef.parse(text));
    assertEquals("\"" + text + "\" (expected: provider,model)", failure.getMessage());
  }

  @ParameterizedTest(name = "<{0}>")
  @ValueSource(strings = {"", "claude-sonnet-4-5", "a/b:c"})
  void aModelAloneIsNotExplicit(String text) {
    assertFalse(ModelRef.isExplicit(text));
  }
}
