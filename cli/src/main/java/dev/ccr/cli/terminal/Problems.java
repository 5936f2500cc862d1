package dev.ccr.cli.terminal;

import dev.ccr.cli.files.UnwritableFolderException;
import dev.ccr.proxy.config.Config;
import dev.ccr.proxy.config.ConfigException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
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

  /**
   * Prints warnings and problems, and what to do about them; returns the exit code.
   *
   * @param file the configuration
   * @param before what cannot be done until then
   */
  public static int print(ConfigException e, Path file, String before, PrintWriter err) {
    int code = print(e, err);
    err.println(
        Files.exists(file)
            ? "The configuration has to be mended before " + before + "."
            : "Make one first: ccr config init");
    return code;
  }

  /**
   * Prints what a router said that did not come up; returns the exit code.
   *
   * @param summary what happened, if it said nothing
   */
  public static int print(String summary, String printed, PrintWriter err) {
    if (printed.isBlank()) {
      err.println(summary);
      err.println("To see why: ccr start --verbose");
    } else {
      printed.strip().lines().forEach(err::println); // it says what to do itself
    }
    return ExitCode.SOFTWARE;
  }

  /** Prints the warnings of a configuration that can be used. */
  public static void warn(Config config, PrintWriter err) {
    config.warnings().forEach(warning -> err.println("warning: " + warning));
  }

  /** Prints in one line what could not be done; returns the exit code. */
  public static int print(IOException e, PrintWriter err) {
    err.println(message(e));
    if (e instanceof UnwritableFolderException) {
      err.println(UnwritableFolderException.HINT);
    }
    return ExitCode.SOFTWARE;
  }

  /** What could not be done, in one line. */
  public static String message(IOException e) {
    return switch (e) {
      case AccessDeniedException denied -> denied.getFile() + ": permission denied";
      case NoSuchFileException missing -> missing.getFile() + ": no such file";
      case FileAlreadyExistsException other -> other.getFile() + ": there, but not a folder";
      default -> String.valueOf(e.getMessage());
    };
  }
}
