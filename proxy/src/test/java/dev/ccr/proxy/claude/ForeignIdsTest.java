package dev.ccr.proxy.claude;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ForeignIdsTest {

  @ParameterizedTest
  @ValueSource(strings = {"functions.Read:0", "call|1", "日本", "a b", "x"})
  void anIdComesBackAsItWas(String id) {
    String packed = ForeignIds.pack(id);
    assertTrue(MessageIds.isValid(packed), packed);
    assertEquals(id, ForeignIds.unpack(packed));
  }

  @ParameterizedTest
  @ValueSource(strings = {"toolu_01A", "toolu_ccr_", "toolu_ccr_!", "toolu_ccr_AB_", "call_1", ""})
  void anIdThatIsNotOursStaysAsItIs(String id) {
    assertEquals(id, ForeignIds.unpack(id));
  }

  @Test
  void anIdThatIsTooLongIsNotPacked() {
    assertEquals("", ForeignIds.pack("x".repeat(100)));
  }
}
