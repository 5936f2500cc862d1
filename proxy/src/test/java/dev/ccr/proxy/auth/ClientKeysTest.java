package dev.ccr.proxy.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ClientKeysTest {

  @ParameterizedTest(name = "<{0}>")
  @CsvSource({"one, true", "zwei-ü, true", "On, false", "'', false", "onezwei-ü, false"})
  void onlyAWholeKeyIsKnown(String presented, boolean known) {
    assertEquals(known, new ClientKeys(List.of("one", "zwei-ü")).contains(presented));
  }

  @Test
  void withoutKeysEverybodyIsLetIn() {
    assertTrue(new ClientKeys(List.of()).isOpen());
    assertFalse(new ClientKeys(List.of("a")).isOpen());
  }
}
