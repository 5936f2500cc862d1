package dev.ccr.cli.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ccr.cli.terminal.RouterUrl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The checks whose findings depend on the machine, with machines of all kinds. */
final class ChecksTest {

  @TempDir private Path home = Path.of("unset");

  @ParameterizedTest
  @CsvSource({"256, 8000, OK", "256, 512, OK", "256, 500, WARNING", "100, 8000, WARNING"})
  void memoryIsTheHeapAndAsMuchAgain(long heap, long machine, Finding.Level level) {
    assertEquals(level, RuntimeCheck.memory(heap << 20, machine << 20).level());
  }

  @ParameterizedTest
  @CsvSource({"1024, WARNING", "4096, OK", "1048576, OK"})
  void fewFilesAreFewRequests(long most, Finding.Level level) {
    assertEquals(level, RuntimeCheck.files(most).level());
  }

  @Test
  void anAotCacheHasToBeThere() throws IOException {
    Path cache = Files.writeString(home.resolve("ccr.aot"), "");
    assertEquals(
        Finding.ok("aot", "no AOT cache in use: starts take longer"),
        RuntimeCheck.aot(List.of("-Xmx256m")));
    assertEquals(
        Finding.ok("aot", "AOT cache " + cache),
        RuntimeCheck.aot(List.of("-XX:AOTCache=/none", "-XX:AOTCache=" + cache)));
    assertEquals(
        Finding.Level.WARNING, RuntimeCheck.aot(List.of("-XX:AOTCache=" + home + "/no")).level());
  }

  @Test
  void aClockThatIsBehindShowsByAFile() throws IOException {
    Path file = Files.writeString(home.resolve("config.json"), "{}");
    Instant written = Files.getLastModifiedTime(file).toInstant();
    assertEquals(Finding.Level.OK, ClockCheck.run(file, written.minusSeconds(200)).level());
    assertEquals(Finding.Level.WARNING, ClockCheck.run(file, written.minusSeconds(400)).level());
    assertEquals(Finding.Level.OK, ClockCheck.run(file, written.plusSeconds(400)).level());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "NONE= | 127.0.0.1 | ''",
        "HTTP_PROXY=http://u:secret@p | 127.0.0.1 | NO_PROXY, no_proxy",
        "https_proxy=http://u:secret@p NO_PROXY=127.0.0.1 | 127.0.0.1 | no_proxy",
        "HTTP_PROXY=http://p NO_PROXY=* no_proxy=* | 127.0.0.1 | ''",
        "HTTP_PROXY=http://p NO_PROXY=a,127.0.0.1 no_proxy=127.0.0.1 | 127.0.0.1 | ''",
        "ALL_PROXY=http://p NO_PROXY=[::1] no_proxy=::1 | ::1 | ''",
        "HTTP_PROXY=http://p NO_PROXY=127.0.0.1 no_proxy=127.0.0.1 | ::1 | NO_PROXY, no_proxy",
      })
  void aProxyMustLeaveTheRouterAlone(String variables, String host, String lacking) {
    Map<String, String> env =
        Arrays.stream(variables.split(" +", -1))
            .map(each -> each.split("=", 2))
            .collect(Collectors.toMap(each -> each[0], each -> each[1]));
    Finding finding = ProxyCheck.run(env, new RouterUrl(host, 6970));
    String end = lacking.isEmpty() ? "" : "since " + host + " is not in " + lacking;
    assertTrue(finding.what().endsWith(end), finding.what());
    assertEquals(
        lacking.isEmpty() ? Finding.Level.OK : Finding.Level.WARNING, finding.level());
    assertFalse(finding.what().contains("secret"), finding.what());
  }
}
