package dev.ccr.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ccr.cli.testing.Program;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CompletionCommandTest {

  private static String script(String shell) {
    Run run = Run.of(Map.of(), "completion", shell);
    assertEquals("", run.err());
    assertEquals(0, run.code());
    return run.out();
  }

  private static Set<String> commands() {
    return new TreeSet<>(
        Commands.commandLine(Map.of(), InputStream.nullInputStream()).getSubcommands().keySet());
  }

  @ParameterizedTest
  @ValueSource(strings = {"bash", "zsh", "fish"})
  void theShellTakesTheScript(String shell) throws Exception {
    assumeTrue(Program.isThere(shell), shell + " is not installed");
    assertEquals("", Program.run(script(shell), shell, "-n"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ccr st              | start status statusline stop",
        "ccr ac              | activate",
        "ccr config v        | validate",
        "ccr config g        | generate",
        "ccr config generate --f | --force",
        "ccr env --sh        | --shell",
        "ccr env --shell p   | powershell",
        "ccr models --       | --help --json",
        "ccr model th        | think",
        "ccr completion f    | fish",
      })
  void bashCompletesCommandsOptionsAndValues(String line, String expected) throws Exception {
    assumeTrue(Program.isThere("bash"), "bash is not installed");
    assertEquals(words(expected), inBash(line));
  }

  @Test
  void bashKnowsAllCommands() throws Exception {
    assumeTrue(Program.isThere("bash"), "bash is not installed");
    assertTrue(inBash("ccr ''").containsAll(commands()), () -> "of " + commands());
  }

  private static Set<String> inBash(String line) throws Exception {
    String[] words = line.split(" ", -1);
    String input =
        script("bash")
            + "compopt() { :; }\n" // works while a person types only
            + "COMP_WORDS=(" + line + "); COMP_CWORD=" + (words.length - 1) + "\n"
            + "COMP_LINE='" + line.replace("'", "") + "'; COMP_POINT=${#COMP_LINE}\n"
            + "_complete_ccr; printf '%s\\n' \"${COMPREPLY[@]}\"\n";
    return lines(Program.run(input, "bash"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ccr st                  | start status statusline stop",
        "ccr ac                  | activate",
        "ccr config v            | validate",
        "ccr config generate --f | --force",
        "ccr env --sh            | --shell",
        "ccr env --shell p       | powershell",
        "ccr activate -s f       | fish",
        "ccr models --           | --help --json",
        "ccr model th            | think",
        "ccr model think th      | ''",
        "ccr completion f        | fish",
        "ccr --ver               | --version",
        "ccr models --ver        | ''",
      })
  void fishCompletesCommandsOptionsAndValues(String line, String expected) throws Exception {
    assumeTrue(Program.isThere("fish"), "fish is not installed");
    assertEquals(words(expected), inFish(line));
  }

  @Test
  void fishKnowsAllCommandsAndWhatTheyDo() throws Exception {
    assumeTrue(Program.isThere("fish"), "fish is not installed");
    assertTrue(inFish("ccr ").containsAll(commands()), () -> "of " + commands());
    List<String> described =
        Program.run(script("fish") + "complete -C 'ccr '\n", "fish", "--no-config")
            .lines()
            .filter(line -> line.matches("\\S+\t\\S.*"))
            .toList();
    assertTrue(described.size() >= commands().size(), described::toString);
  }

  private static Set<String> inFish(String line) throws Exception {
    return lines(
        Program.run(script("fish") + "complete -C '" + line + "'\n", "fish", "--no-config"));
  }

  /** In the order of nothing; fish puts a description behind a tabulator. */
  private static Set<String> lines(String text) {
    return text.lines()
        .map(line -> line.split("\t", 2)[0].strip())
        .filter(line -> !line.isEmpty())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> words(String text) {
    List<String> words = new ArrayList<>(Arrays.asList(text.split(" ", -1)));
    words.remove("");
    return new TreeSet<>(words);
  }

  @Test
  void anotherShellIsWrongUsage() {
    Run run = Run.of(Map.of(), "completion", "tcsh");
    assertEquals(2, run.code());
    assertTrue(run.err().contains("SHELL: tcsh (expected: bash, zsh, fish)"), run.err());
    assertEquals("", run.out());
  }
}
