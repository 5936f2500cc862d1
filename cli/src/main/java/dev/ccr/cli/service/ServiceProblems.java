package dev.ccr.cli.service;

import java.io.PrintWriter;
import picocli.CommandLine.ExitCode;

/** Failures of a service, as a user reads them. */
final class ServiceProblems {

  private ServiceProblems() {}

  /** Prints what a router said that did not come up; returns the exit code. */
  static int print(StartFailedException e, PrintWriter err) {
    String printed = e.printed().strip();
    if (printed.isEmpty()) {
      err.println(e.getMessage());
      err.println("To see why: ccr start --verbose");
    } else {
      printed.lines().forEach(err::println); // it says what to do itself
    }
    return ExitCode.SOFTWARE;
  }
}
