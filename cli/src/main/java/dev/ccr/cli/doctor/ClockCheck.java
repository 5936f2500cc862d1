package dev.ccr.cli.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/**
 * Whether the clock can be right. Nobody is asked for the time: a clock that is behind shows by
 * files of the future, any other one by certificates that are not valid.
 */
final class ClockCheck {

  private static final String CHECK = "clock";
  private static final Duration TOLERANCE = Duration.ofMinutes(5);

  private ClockCheck() {}

  static Finding run(Path file, Instant now) {
    try {
      Instant written = Files.getLastModifiedTime(file).toInstant();
      if (written.isAfter(now.plus(TOLERANCE))) {
        return Finding.warning(
            CHECK,
            "it is " + now + ", and " + file.toAbsolutePath() + " was written at " + written,
            "Set the clock: certificates and retry times depend on it.");
      }
    } catch (IOException e) {
      // others tell of it
    }
    return Finding.ok(CHECK, "no file is of the future");
  }
}
