package dev.ccr.proxy.claude;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class MessageIdsTest {

  private final MessageIds ids = new MessageIds(new Random(1));

  @ParameterizedTest
  @CsvSource({
    "msg_01Xy, msg_01Xy",
    "chatcmpl-9aZ_, msg_chatcmpl-9aZ_",
    "gen-1b4f, msg_gen-1b4f",
    "1234567890, msg_1234567890",
    "msg_, msg_"
  })
  void theUpstreamsIdIsKeptWherePossible(String upstream, String id) {
    assertEquals(id, ids.messageId(upstream));
  }

  @ParameterizedTest(name = "<{0}>")
  @ValueSource(strings = {"", "a b", "a.b", "ü", "a\n", "msg_a/b"})
  void elseANewOneIsMade(String upstream) {
    assertTrue(ids.messageId(upstream).matches("msg_[0-9A-Za-z]{24}"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"chatcmpl-7", "chatcmpl-998", "0", "chatcmpl-123456789", "chatcmpl-"})
  void aSmallNumberComesAgainAndSoANewOneIsMade(String upstream) {
    String id = ids.messageId(upstream);
    assertTrue(id.matches("msg_[0-9A-Za-z]{24}"), id);
    assertNotEquals(id, ids.messageId(upstream));
  }

  @ParameterizedTest
  @CsvSource({"124, true", "125, false"})
  void anIdHasAtMost128Characters(int length, boolean kept) {
    String upstream = "a".repeat(length);
    assertEquals(kept, ids.messageId(upstream).equals("msg_" + upstream));
  }

  @Test
  void toolIdsDiffer() {
    String first = ids.toolId();
    assertTrue(first.matches("toolu_[0-9A-Za-z]{24}"));
    assertNotEquals(first, ids.toolId());
  }

  @Test
  void aSeededSourceGivesTheSameIdsAgain() {
    assertEquals(ids.toolId(), new MessageIds(new Random(1)).toolId());
  }
}
