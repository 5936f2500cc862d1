package dev.ccr.cli.log;

import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A program that logs to a file, and says so when it is done. */
final class LogsALot {

  static final int ENTRIES = 1_000;

  private LogsALot() {}

  public static void main(String[] args) throws Exception {
    LogChoice.logback();
    Logging.toFile(Path.of(args[0]));
    Logging.quietConsole();
    Logger log = LoggerFactory.getLogger(LogsALot.class);
    for (int i = 0; i < ENTRIES; i++) {
      log.error("an entry of some length, so that a thousand of them are too much: {}", i);
    }
    System.out.println("logged " + ENTRIES);
    Logging.stop();
  }
}
