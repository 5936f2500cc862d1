package dev.ccr.proxy.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.Serializable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SecretTest {
  private static final Secret KEY = Secret.of("sk-or-v1-canary");

  @ParameterizedTest
  @ValueSource(strings = {"", "k", "sk-or-v1-canary"})
  void printsAsThreeStarsWhateverItHolds(String key) {
    assertEquals("***", Secret.of(key).toString());
  }

  @ParameterizedTest
  @CsvSource({
    "'', (not set)",
    "a, *",
    "12345678, ********",
    "123456789, 12*89",
    "sk-or-v1-canary, sk*ry",
    "sk-or-v1-canary7, sk-o*ary7",
    "sk-or-v1-0123456789abcdef0123456789abcdef, sk-o*cdef",
  })
  void masksAllButTheEndsOfALongKey(String key, String masked) {
    assertEquals(masked, Secret.of(key).masked());
  }

  @Test
  void revealsTheKeyOnRequestOnly() {
    assertEquals("sk-or-v1-canary", KEY.reveal());
    assertTrue(Secret.of("").isEmpty());
  }

  @Test
  void equalKeysAreEqual() {
    assertEquals(KEY, Secret.of("sk-or-v1-canary"));
    assertEquals(KEY.hashCode(), Secret.of("sk-or-v1-canary").hashCode());
    assertNotEquals(KEY, Secret.of("sk-or-v1-canarY"));
    assertNotEquals(KEY, Secret.NONE);
  }

  @Test
  void cannotBeSerialized() {
    assertFalse(Serializable.class.isAssignableFrom(Secret.class));
  }
}
