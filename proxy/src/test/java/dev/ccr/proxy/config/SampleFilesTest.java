package dev.ccr.proxy.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.ccr.proxy.model.Provider;
import dev.ccr.proxy.model.RouteRule;
import dev.ccr.proxy.model.Routes;
import dev.ccr.proxy.model.Scenario;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What sample files mean is in files beside them, whose names end in {@code .txt}. */
final class SampleFilesTest {

  static List<Path> samples() throws IOException {
    return SampleFiles.all();
  }

  @ParameterizedTest
  @MethodSource("samples")
  void aSampleLoadsAsItIsAndMeansWhatItSays(Path file) throws IOException, ConfigException {
    Path expected = file.resolveSibling(SampleFiles.name(file) + ".txt");
    assertEquals(Files.readString(expected), meaning(SampleFiles.read(file)));
  }

  @ParameterizedTest
  @MethodSource("samples")
  void aSampleLoadsInWindowsLinesToo(Path file) throws IOException, ConfigException {
    String text = Files.readString(file);
    assertFalse(text.contains("\r"));
    Config config =
        ConfigReader.parse(
            SampleFiles.name(file), text.replace("\n", "\r\n"), SampleFiles.ENV);
    assertEquals(meaning(SampleFiles.read(file)), meaning(config));
  }

  private static String meaning(Config config) {
    List<String> lines = new ArrayList<>();
    Limits limits = config.limits();
    lines.add(
        "server " + config.server().host() + ":" + config.server().port() + " key "
            + config.server().apiKey().masked());
    lines.add(
        "limits " + limits.firstByte() + " " + limits.streamIdle() + ", errors " + config.errors()
            + ", proxy " + config.forwardProxy());
    for (ProviderConfig each : config.providers()) {
      Provider provider = each.provider();
      lines.add("provider " + provider.name() + ": " + provider.profile() + " " + provider.url());
      lines.add(
          "  keys "
              + each.apiKeys().stream().map(Secret::reveal).collect(Collectors.joining("|")));
      lines.add(
          "  models " + provider.models() + " of " + provider.modelWhitelist() + " at most "
              + new TreeMap<>(provider.maxOutputTokens()));
    }
    Routes routes = config.routes();
    for (Scenario scenario : Scenario.values()) {
      if (routes.target(scenario) != null) {
        lines.add("route " + scenario.key() + " -> " + routes.target(scenario));
      }
      if (routes.fallback().containsKey(scenario)) {
        lines.add("fallback " + scenario.key() + " -> " + routes.fallback().get(scenario));
      }
    }
    for (RouteRule rule : routes.rules()) {
      lines.add(
          "rule " + rule.name() + ": " + new TreeMap<>(rule.headers()) + " model " + rule.model()
              + " tool " + rule.tool() + " tokens " + rule.minTokens() + ".." + rule.maxTokens()
              + " -> " + rule.target());
    }
    lines.add(
        "long " + routes.longContextThreshold() + ", think "
            + new TreeSet<>(routes.thinkEfforts()));
    config.warnings().forEach(warning -> lines.add("warning " + warning));
    return String.join("\n", lines) + "\n";
  }
}
