package dev.ccr.cli.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ccr.cli.Jvm;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which classes a command loads shows in a process of its own only. */
final class LogChoiceTest {

  private static final long PATIENCE_SECONDS = 60;

  @TempDir private Path folder = Path.of("unset");

  @ParameterizedTest
  @CsvSource({"--help", "config path", "config validate", "route request.json", "logs"})
  void aCommandThatRunsNoRouterLoadsNoLogger(String command) throws Exception {
    String loaded = classesLoadedBy(command);
    assertTrue(loaded.contains(" dev.ccr.cli.Main "), loaded);
    assertEquals(List.of(), loggers(loaded));
  }

  @Test
  void theSameLookFindsTheLoggerOfARouter() throws Exception {
    assertTrue(loggers(classesLoadedBy("demo")).stream().anyMatch(c -> c.contains("logback")));
  }

  /** Of a log that nobody is to see no class is loaded but SLF4J's. */
  private static List<String> loggers(String loaded) {
    return loaded
        .lines()
        .filter(line -> line.contains("ch.qos.logback") || line.contains("java.util.logging"))
        .toList();
  }

  private String classesLoadedBy(String command) throws Exception {
    Path config = folder.resolve("config.json");
    Files.writeString(
        config,
        """
        {"Providers": [{"name": "p", "api_base_url": "http://localhost/", "api_key": ""}],
         "Router": {"default": "p,m"}}
        """);
    Files.writeString(
        folder.resolve("request.json"), "{\"model\":\"m\",\"max_tokens\":1,\"messages\":[]}");
    Path classes = folder.resolve("classes.txt");
    Path printed = folder.resolve("printed.txt");
    ProcessBuilder builder =
        Jvm.of(
            List.of("-Xlog:class+load:file=" + classes),
            "dev.ccr.cli.Main",
            Arrays.asList(command.split(" ", -1)));
    builder.environment().put("CCR_CONFIG_PATH", config.toString());
    builder.environment().put("XDG_STATE_HOME", folder.toString());
    Process process =
        builder
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(printed.toFile())
            .start();
    assertTrue(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), "it ends");
    String text = Files.readString(printed, StandardCharsets.UTF_8);
    assertTrue(process.exitValue() < 2, text);
    assertEquals(-1, text.indexOf("SLF4J"), text);
    return Files.readString(classes);
  }
}
