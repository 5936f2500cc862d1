package dev.ccr.cli.config;

import dev.ccr.proxy.config.ConfigException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import picocli.CommandLine.ExitCode;

/** Failures of files and of configurations, as a user reads them. */
public final class Problems {

  private Problems() {}

  /** Prints warnings and problems, a line each; returns the exit code. */
  public static int print(ConfigException e, PrintWriter err) {
    e.warnings().forEach(warning -> err.println("warning: " + warning));
    e.problems().forEach(err::println);
    return ExitCode.SOFTWARE;
  }

  /** Prints in one line what could not be done; returns the exit code. */
  static int print(IOException e, PrintWriter err) {
    err.println(
        switch (e) {
          case AccessDeniedException denied -> denied.getFile() + ": permission denied";
          case NoSuchFileException missing -> missing.getFile() + ": no such file";
          default -> String.valueOf(e.getMessage());
        });
    return ExitCode.SOFTWARE;
  }
}
