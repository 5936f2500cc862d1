package dev.ccr.cli.code;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class JobControlTest {

  @ParameterizedTest
  @CsvSource({
    "17 (claude) T 1 17, true",
    "17 (claude) S 1 17, false",
    "17 (claude) t 1 17, false", // by a debugger
    "17 (claude) Z 1 17, false",
    "17 (a) T) S 1 17, false",
    "17 (a) S) T 1 17, true",
    "'', false",
  })
  void aStoppedProcessIsOneThatProcTellsOf(String stat, boolean stopped) {
    assertEquals(stopped, JobControl.isStopped(stat));
  }
}
