package dev.ccr.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ControlBenchTest {

  /** Bytes that sixteen kilobytes become. */
  private static final int WRITTEN = 16_445;

  /** Budgets of time are multiples of this work: whoever changes it has to measure them again. */
  @Test
  void theControlIsTheSameWorkEachTime() {
    ControlBench control = new ControlBench();
    assertEquals(WRITTEN, control.kilobyte());
    assertEquals(WRITTEN, control.kilobyte());
    assertEquals(WRITTEN, new ControlBench().kilobyte());
  }
}
