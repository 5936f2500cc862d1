package dev.ccr.proxy.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What {@code docs/configuration.md} says is true. */
final class ConfigPapersTest {
  private static final Path FILE = Path.of("../docs/configuration.md");
  private static final Pattern EXAMPLE =
      Pattern.compile("^```(json|yaml)\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);

  @Test
  void everyKeyIsThereInAllSpellings() throws IOException {
    String text = Files.readString(FILE);
    List<String> missing =
        Stream.of(
                KnownKeys.ROOT,
                KnownKeys.TLS,
                KnownKeys.PROVIDER,
                KnownKeys.TLS,
                KnownKeys.PROVIDER_TLS,
                KnownKeys.ROUTER,
                KnownKeys.FALLBACK,
                KnownKeys.RULE,
                KnownKeys.CLIENT_KEY,
                KnownKeys.API_KEY,
                KnownKeys.RETRY,
                KnownKeys.CIRCUIT_BREAKER)
            .flatMap(keys -> keys.spellings().stream())
            .filter(spelling -> !text.contains("`" + spelling + "`"))
            .toList();
    assertEquals(List.of(), missing);
  }

  @Test
  void itsUrlsAreTheDefaults() throws IOException {
    String text = Files.readString(FILE);
    Defaults.URLS.forEach(
        (name, url) -> assertTrue(text.contains("| `" + name + "` | `" + url + "` |"), name));
  }

  @Test
  void itsWholeExamplesLoadAndMeanTheSame() throws IOException, ConfigException {
    List<Config> configs = new ArrayList<>();
    Matcher example = EXAMPLE.matcher(Files.readString(FILE));
    while (example.find()) {
      String content = example.group(2);
      if (content.startsWith("{") || example.group(1).equals("yaml")) {
        configs.add(ConfigReader.parse("config." + example.group(1), content, Map.of()));
      }
    }
    assertEquals(2, configs.size());
    assertEquals(List.of(), configs.getFirst().warnings());
    assertEquals(List.of(), configs.getLast().warnings());
    assertEquals(configs.getFirst().providers(), configs.getLast().providers());
    assertEquals(configs.getFirst().routes(), configs.getLast().routes());
    assertEquals(configs.getFirst().server(), configs.getLast().server());
  }
}
