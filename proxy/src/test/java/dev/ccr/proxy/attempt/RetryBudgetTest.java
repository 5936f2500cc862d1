package dev.ccr.proxy.attempt;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

final class RetryBudgetTest {

  private static final long SECOND = 1_000_000_000;

  private final RetryBudget budget = new RetryBudget();

  private int takeAll(long nanoTime) {
    int taken = 0;
    while (budget.take(nanoTime)) {
      taken++;
    }
    return taken;
  }

  @Test
  void aProviderBearsAFifthOfItsRequestsAndThreeASecond() {
    assertEquals(30, takeAll(SECOND), "full at first");
    assertEquals(0, takeAll(SECOND + SECOND / 10));
    assertEquals(3, takeAll(2 * SECOND + SECOND / 10));
    for (int i = 0; i < 100; i++) {
      budget.request();
    }
    assertEquals(20, takeAll(2 * SECOND + SECOND / 10));
    assertEquals(30, takeAll(3_600 * SECOND), "no more than it holds");
  }
}
