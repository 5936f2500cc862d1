package dev.ccr.cli;

import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import picocli.CommandLine;

/** A command line that has run: its exit code, and what it printed where. */
record Run(int code, String out, String err) {

  static Run of(Map<String, String> env, String... args) {
    return withInput("", env, args);
  }

  /** Runs it with answers that come from a pipe. */
  static Run withInput(String input, Map<String, String> env, String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine commandLine =
        Commands.commandLine(
                env, new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)), args)
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true))
            .setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF));
    int code = commandLine.execute(args);
    return new Run(code, text(out), text(err));
  }

  private static String text(StringWriter text) {
    return text.toString().replace(System.lineSeparator(), "\n");
  }
}
