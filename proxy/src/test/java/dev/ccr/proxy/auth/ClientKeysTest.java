package dev.ccr.proxy.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ccr.proxy.model.Client;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ClientKeysTest {

  static String sha256(String key) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

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

  @ParameterizedTest
  @CsvSource({"a, alice", "b, bob", "c, carol"})
  void everyKeyHasItsOwnerWhereverItStands(String key, String owner) {
    ClientKeys keys =
        ClientKeys.of(
            List.of(
                new ClientKeys.Known(sha256("a"), new Client("alice")),
                new ClientKeys.Known(sha256("b").toUpperCase(Locale.ROOT), new Client("bob")),
                new ClientKeys.Known(sha256("c"), new Client("carol"))));
    Client client = keys.client(key);
    assertNotNull(client);
    assertEquals(owner, client.name());
    assertNull(keys.client(sha256(key)), "a digest is no key");
  }
}
