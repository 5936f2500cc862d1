package dev.ccr.proxy.provider.openai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class ToolNamesTest {

  @Test
  void longNamesWithOneBeginningStayDistinctAndComeBack() {
    ToolNames names = new ToolNames();
    String one = "mcp__" + "x".repeat(60) + "__read";
    String other = "mcp__" + "x".repeat(60) + "__write";
    assertNotEquals(names.toUpstream(one), names.toUpstream(other));
    assertTrue(names.toUpstream(one).matches("[a-zA-Z0-9_-]{64}"), names.toUpstream(one));
    assertEquals(other, names.toClient(names.toUpstream(other)));
    assertEquals("plain", names.toClient(names.toUpstream("plain")));
  }
}
