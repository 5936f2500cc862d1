package dev.ccr.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ccr.cli.log.LogReader;
import dev.ccr.cli.terminal.Style;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PipedReader;
import java.io.PipedWriter;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LogsCommandTest {

  private static final String TIME = "2026-11-25T08:31:02.113Z";

  @TempDir private Path state = Path.of("unset");

  private Map<String, String> env() {
    return Map.of("XDG_STATE_HOME", state.toString());
  }

  private Path log() throws IOException {
    Path folder = state.resolve("claude-code-router").resolve("logs");
    return Files.createDirectories(folder).resolve("ccr.log");
  }

  private static String entry(String message) {
    return "{\"time\":\"" + TIME + "\",\"level\":\"INFO\",\"logger\":\"ccr.access\",\"message\":\""
        + message + "\",\"status\":200,\"nested\":{\"a\":[1]}}\n";
  }

  private static String shown(String message) {
    String local =
        LocalDateTime.ofInstant(Instant.parse(TIME), ZoneId.systemDefault()).toString();
    return local.replace('T', ' ') + " INFO  access: " + message + "\n";
  }

  @Test
  void theServicesLogIsPrintedForPeople() throws IOException {
    Files.writeString(
        log(),
        entry("one \\\"quoted\\\" \\u001b[2J")
            + entry("two").replace("}}", "},\"stack\":\"java.lang.Error: x\\n\\tat here\\n\"}"));
    Run run = Run.of(env(), "logs");
    assertEquals(0, run.code(), run.err());
    assertEquals(
        shown("one \"quoted\" ?[2J") + shown("two") + "java.lang.Error: x\n\tat here\n",
        run.out());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "half of an entry | {\"time\":\"2026-11-25T08:31:02.113Z\",\"lev",
        "another's words  | plain \u001b[31mtext",
        "another object   | {\"a\":1}",
        "no time          | {\"time\":\"soon\",\"message\":\"m\"}",
        "an array         | [1,2]",
        "nothing          | ''",
      })
  void aLineThatIsNoEntryStaysAsItIs(String name, String line) throws IOException {
    Files.writeString(log(), line + "\n" + entry("next"));
    Run run = Run.of(env(), "logs");
    assertEquals(line.replace('\u001b', '?') + "\n" + shown("next"), run.out());
  }

  @ParameterizedTest
  @CsvSource({"0, ''", "1, e", "3, c d e", "4, b c d e", "9, a b c d e"})
  void theLastLinesMayBeInOlderFiles(int count, String expected) throws IOException {
    Files.writeString(Path.of(log() + ".2"), entry("a") + entry("b"));
    Files.writeString(Path.of(log() + ".1"), entry("c"));
    Files.writeString(log(), entry("d") + entry("e"));
    Run run = Run.of(env(), "logs", "-n", String.valueOf(count));
    StringBuilder lines = new StringBuilder();
    for (String message : expected.isEmpty() ? new String[0] : expected.split(" ", -1)) {
      lines.append(shown(message));
    }
    assertEquals(lines.toString(), run.out());
  }

  @Test
  void aFileOfChoiceIsPrintedToItsLastByte() throws IOException {
    Path other = Files.writeString(state.resolve("other.log"), entry("one") + "cut");
    Run run = Run.of(env(), "logs", other.toString());
    assertEquals(shown("one") + "cut\n", run.out());
  }

  @Test
  void whereThereIsNoLogItIsSaid() {
    Run run = Run.of(env(), "logs");
    assertEquals(1, run.code());
    String file = state.resolve("claude-code-router/logs/ccr.log").toString();
    assertTrue(run.err().startsWith(file + ": no log yet\n"), run.err());
    assertEquals("", run.out());
  }

  @Test
  @Timeout(value = 60, unit = TimeUnit.SECONDS)
  void whatIsAddedIsFollowedOverRotations() throws Exception {
    Path log = log();
    Files.writeString(log, entry("old") + entry("last"));
    PipedReader pipe = new PipedReader(1 << 16);
    try (BufferedReader printed = new BufferedReader(pipe);
        PrintWriter out = new PrintWriter(new PipedWriter(pipe))) {
      Thread follower = Thread.ofPlatform().start(() -> follow(log, out));
      assertNext(printed, "last");
      add(log, entry("half").substring(0, 40));
      add(log, entry("half").substring(40) + entry("added"));
      assertNext(printed, "half");
      assertNext(printed, "added");
      for (int i = 0; i < 3; i++) {
        add(log, entry("before " + i));
        Files.move(log, Path.of(log + "." + i));
        Files.writeString(log, entry("after " + i));
        assertNext(printed, "before " + i);
        assertNext(printed, "after " + i);
      }
      Files.writeString(log, entry("a")); // emptied, and written anew
      assertNext(printed, "a");
      follower.interrupt();
      follower.join();
    }
  }

  /** A reader that closes the pipe, as {@code head} does. */
  @Test
  @Timeout(value = 60, unit = TimeUnit.SECONDS)
  void whereNobodyReadsTheFollowerEnds() throws Exception {
    Path log = log();
    Files.writeString(log, entry("one"));
    PipedReader pipe = new PipedReader();
    PrintWriter out = new PrintWriter(new PipedWriter(pipe));
    Thread follower = Thread.ofPlatform().start(() -> follow(log, out));
    assertEquals(shown("one").charAt(0), pipe.read());
    pipe.close();
    while (follower.isAlive()) {
      add(log, entry("more"));
      follower.join(50);
    }
  }

  private static void follow(Path log, PrintWriter out) {
    try {
      new LogReader(log, new Style(false), out).follow(1);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      // it has been told to end
    }
  }

  private static void assertNext(BufferedReader printed, String message) throws IOException {
    assertEquals(shown(message), printed.readLine() + "\n");
  }

  private static void add(Path log, String text) throws IOException {
    Files.writeString(log, text, StandardOpenOption.APPEND);
  }
}
