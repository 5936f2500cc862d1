package dev.ccr.cli.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import dev.ccr.cli.Jvm;
import dev.ccr.proxy.config.LogLevel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The log's file. A file is complete when another one takes its place. */
final class LoggingTest {

  private static final Logger LOG = LoggerFactory.getLogger("dev.ccr.test");
  private static final boolean WINDOWS =
      System.getProperty("os.name", "").startsWith("Windows");

  @TempDir private Path folder = Path.of("unset");

  @AfterEach
  void closeFiles() throws IOException {
    Logging.toFile(folder.resolve("the-next-one"));
    Logging.level(LogLevel.WARN);
  }

  private List<String> lines(Path file) throws IOException {
    Logging.toFile(folder.resolve("other"));
    return Files.readAllLines(file);
  }

  @Test
  void anEntryIsAnObjectWithItsFields() throws IOException {
    Path file = folder.resolve("logs").resolve("ccr.log");
    Logging.level(LogLevel.INFO);
    Logging.toFile(file);
    LOG.atInfo()
        .addKeyValue("status", 200)
        .addKeyValue("bytes", 1L << 40)
        .addKeyValue("share", 0.5)
        .addKeyValue("stream", true)
        .addKeyValue("model", "a\"b\\\n\u001b\u2028é")
        .addKeyValue("nothing", (Object) null)
        .log("done {}", "well");
    LOG.debug("not at this level");
    List<String> lines = lines(file);
    assertEquals(1, lines.size(), lines::toString);
    assertEquals(
        "{\"time\":\"T\",\"level\":\"INFO\",\"logger\":\"dev.ccr.test\",\"message\":\"done well\","
            + "\"status\":200,\"bytes\":1099511627776,\"share\":0.5,\"stream\":true,"
            + "\"model\":\"a\\\"b\\\\\\n\\u001B\u2028é\",\"nothing\":null}",
        lines.getFirst().replaceFirst("\"time\":\"[^\"]*\"", "\"time\":\"T\""));
    String time = lines.getFirst().substring(9, 33);
    Duration age = Duration.between(Instant.parse(time), Instant.now());
    assertTrue(age.toMinutes() < 5 && !age.isNegative(), time);
  }

  @Test
  void whatWasThrownIsAFieldAndHalfACharacterIsNoHarm() throws IOException {
    Path file = folder.resolve("ccr.log");
    Logging.toFile(file);
    LOG.error("half \ud800", new IllegalStateException("outer", new IOException("inner")));
    List<String> lines = lines(file);
    assertEquals(1, lines.size(), lines::toString);
    assertTrue(lines.getFirst().contains("\"message\":\"half ?\",\"stack\":\""), lines::toString);
    assertTrue(
        lines.getFirst().contains("Caused by: java.io.IOException: inner"), lines::toString);
  }

  @Test
  void aFileIsItsOwnersAloneAlsoOneThatWasThere() throws IOException {
    assumeFalse(WINDOWS, "other permissions there");
    Path file = folder.resolve("made").resolve("ccr.log");
    Logging.toFile(file);
    assertEquals("rw-------", permissions(file));
    assertEquals("rwx------", permissions(folder.resolve("made")));
    Path old = Files.writeString(folder.resolve("old.log"), "before\n");
    Files.setPosixFilePermissions(old, PosixFilePermissions.fromString("rw-rw-r--"));
    Logging.toFile(old);
    LOG.warn("after");
    List<String> lines = lines(old);
    assertEquals("before", lines.getFirst());
    assertEquals(2, lines.size(), lines::toString);
    assertEquals("rw-------", permissions(old));
  }

  @ParameterizedTest
  @CsvSource({"folder, not the path of a file", "file/ccr.log, 'file: there, but not a folder'"})
  void aFileThatCannotBeWrittenIsSaidSo(String path, String message) throws IOException {
    Files.createDirectory(folder.resolve("folder"));
    Files.writeString(folder.resolve("file"), "");
    IOException e =
        assertThrows(IOException.class, () -> Logging.toFile(folder.resolve(path)));
    String said = String.valueOf(e.getMessage());
    assertTrue(said.startsWith("log file " + folder), said);
    assertTrue(said.endsWith(message), said);
  }

  @Test
  void filesRotateAndTheOldestGo() throws IOException {
    Path file = folder.resolve("ccr.log");
    String large = "x".repeat((int) Rotation.MAX_BYTES / 4);
    int entries = 4 * (Rotation.KEPT + 2) + 2;
    LoggerContext context = Logging.context(new LogbackMDCAdapter());
    ch.qos.logback.classic.Logger log = context.getLogger("large");
    log.setAdditive(false); // not to the terminal
    log.addAppender(Rotation.appender(context, file));
    for (int i = 0; i < entries; i++) {
      log.warn("{} {}", i, large);
    }
    context.stop();
    List<Integer> kept = new ArrayList<>();
    for (int number = Rotation.KEPT; number > 0; number--) {
      kept.addAll(numbers(Rotation.old(file, number)));
    }
    kept.addAll(numbers(file));
    List<Integer> expected = new ArrayList<>();
    for (int i = entries - kept.size(); i < entries; i++) {
      expected.add(i);
    }
    assertEquals(expected, kept, "the last ones, in order, without a gap");
    assertEquals(4 * Rotation.KEPT + 2, kept.size());
    assertFalse(Files.exists(Rotation.old(file, Rotation.KEPT + 1)));
    if (!WINDOWS) {
      assertEquals("rw-------", permissions(file));
      assertEquals("rw-------", permissions(Rotation.old(file, 1)));
    }
  }

  /** A limit to the size of files fails as a full disk does. */
  @Test
  void aFullDiskStopsNobody() throws Exception {
    assumeFalse(WINDOWS, "no such limit there");
    Path file = folder.resolve("ccr.log");
    List<String> java =
        Jvm.of(List.of(), LogsALot.class.getName(), List.of(file.toString())).command();
    List<String> limited = new ArrayList<>(List.of("sh", "-c", "ulimit -f 16; exec \"$@\"", "sh"));
    limited.addAll(java);
    Process process =
        new ProcessBuilder(limited)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .redirectOutput(ProcessBuilder.Redirect.PIPE)
            .start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(process.waitFor(60, TimeUnit.SECONDS), "it ends");
    assertEquals(0, process.exitValue(), printed);
    assertEquals("logged " + LogsALot.ENTRIES + "\n", printed);
    assertTrue(Files.size(file) > 0 && Files.size(file) <= 16 * 1024, "the limit was met");
  }

  private static List<Integer> numbers(Path file) throws IOException {
    return Files.readAllLines(file).stream()
        .map(line -> line.replaceFirst(".*\"message\":\"(\\d+) .*", "$1"))
        .map(Integer::valueOf)
        .toList();
  }

  private static String permissions(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }
}
