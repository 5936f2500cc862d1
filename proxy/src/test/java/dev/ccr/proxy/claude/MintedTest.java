package dev.ccr.proxy.claude;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a foreign provider needs back survives the way through the client. */
final class MintedTest {

  @Test
  void whatIsPackedComesBack() {
    String json = "{\"data\":\"é世\\u0000\"}";
    assertTrue(Minted.isMinted(Minted.pack(json)));
    assertEquals(Optional.of(json), Minted.unpack(Minted.pack(json)));
  }

  @Test
  void whatAnotherMadeIsLeftAlone() {
    assertFalse(Minted.isMinted("EqQBCkYIBxgCKkDe0+Yx/Zq1b3J5"));
    assertEquals(Optional.empty(), Minted.unpack("EqQBCkYIBxgCKkDe0+Yx/Zq1b3J5"));
    assertEquals(Optional.empty(), Minted.unpack(Minted.MARKER + "not base64!"));
  }
}
