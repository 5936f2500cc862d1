package dev.ccr.cli.terminal;

import java.io.BufferedReader;
import java.io.Console;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Asks questions: on a terminal until the answer is good, and keys without showing them; from a
 * pipe a line each, where a bad answer is the end. For one thread.
 */
public final class Prompter {

  private final @Nullable Console console;
  private final BufferedReader in;
  private final PrintWriter out;

  /**
   * A prompter.
   *
   * @param in where answers come from if there is no terminal
   */
  public Prompter(InputStream in, PrintWriter out) {
    Console terminal = in.equals(System.in) ? System.console() : null;
    console = Style.isTerminal(terminal) ? terminal : null;
    Charset charset = Charset.forName(System.getProperty("stdin.encoding", "UTF-8"));
    this.in = new BufferedReader(new InputStreamReader(in, charset));
    this.out = out;
  }

  /**
   * Asks for a line.
   *
   * @param preset what an empty answer means; may be empty itself
   * @param problem says what is wrong with an answer, or nothing
   */
  public String ask(String question, String preset, Function<String, String> problem)
      throws IOException {
    String shown = question + (preset.isEmpty() ? "" : " [" + preset + "]") + ": ";
    return repeat(shown, preset, false, problem);
  }

  /** Asks for a key; a terminal does not show it. */
  public String askForKey(String question, Function<String, String> problem) throws IOException {
    return repeat(question + ": ", "", true, problem);
  }

  /** Asks for leave; only a yes is one. */
  public boolean agree(String question) throws IOException {
    String answer = repeat(question + " [y/N]: ", "", false, any -> "");
    return answer.equalsIgnoreCase("y") || answer.equalsIgnoreCase("yes");
  }

  private String repeat(
      String shown, String preset, boolean hidden, Function<String, String> problem)
      throws IOException {
    while (true) {
      String line = line(shown, hidden).strip();
      String answer = line.isEmpty() ? preset : line;
      String wrong = problem.apply(answer);
      if (wrong.isEmpty()) {
        return answer;
      }
      if (console == null) {
        throw new IOException(wrong);
      }
      out.println(wrong);
    }
  }

  private String line(String shown, boolean hidden) throws IOException {
    out.flush();
    String line;
    if (console == null) {
      out.print(shown);
      out.flush();
      line = in.readLine();
      out.println();
    } else if (hidden) {
      char[] typed = console.readPassword("%s", shown);
      line = typed == null ? null : new String(typed);
    } else {
      line = console.readLine("%s", shown);
    }
    if (line == null) {
      throw new EOFException("the input has ended: nothing was written");
    }
    return line;
  }
}
