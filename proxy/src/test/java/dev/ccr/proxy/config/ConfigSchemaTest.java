package dev.ccr.proxy.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.ccr.proxy.model.Profile;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The published schema says what the reader does. */
final class ConfigSchemaTest {
  private static final Path FILE = Path.of("../docs/config.schema.json");
  private static final SchemaRegistry REGISTRY =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

  private static String text = "";
  private static Schema schema = REGISTRY.getSchema("true");

  @BeforeAll
  static void read() throws IOException {
    text = Files.readString(FILE);
    schema = REGISTRY.getSchema(text);
  }

  @Test
  void theSchemaIsOne() {
    Schema meta =
        REGISTRY.getSchema(
            SchemaLocation.of(SpecificationVersion.DRAFT_2020_12.getDialectId()));
    assertEquals(List.of(), meta.validate(text, InputFormat.JSON));
  }

  static Stream<Arguments> objects() {
    return Stream.of(
        arguments("", KnownKeys.ROOT),
        arguments("$defs.tls", KnownKeys.TLS),
        arguments("$defs.provider", KnownKeys.PROVIDER),
        arguments("properties.UPSTREAM_TLS", KnownKeys.UPSTREAM_TLS),
        arguments("$defs.provider.properties.tls", KnownKeys.PROVIDER_TLS),
        arguments("$defs.router", KnownKeys.ROUTER),
        arguments("$defs.fallback", KnownKeys.FALLBACK),
        arguments("$defs.rule", KnownKeys.RULE),
        arguments("$defs.clientKey", KnownKeys.CLIENT_KEY),
        arguments("$defs.apiKey", KnownKeys.API_KEY),
        arguments("properties.retry", KnownKeys.RETRY),
        arguments("properties.circuitBreaker", KnownKeys.CIRCUIT_BREAKER));
  }

  @ParameterizedTest
  @MethodSource("objects")
  void itHasTheKeysOfTheReaderAndNoOthers(String path, Keys keys) {
    Node node = at(path.isEmpty() ? "properties" : path + ".properties");
    Set<String> properties = new TreeSet<>();
    ((Node.Obj) node).members().forEach(member -> properties.add(member.key()));
    assertEquals(new TreeSet<>(keys.spellings()), properties);
  }

  @Test
  void itHasTheNamesOfTheReader() {
    assertEquals(Profile.keys(), strings(at("$defs.provider.properties.profile.enum")));
    assertEquals(Hint.dialects(), strings(at("$defs.dialect.enum")));
  }

  @Test
  void itHasTheDefaultsOfTheReader() {
    Map<String, Object> defaults =
        Map.ofEntries(
            Map.entry("properties.MAX_BYTES_IN_FLIGHT", Defaults.LIMITS.bytesInFlight()),
            Map.entry("properties.MAX_REQUESTS_IN_FLIGHT", Defaults.LIMITS.requestsInFlight()),
            Map.entry("properties.MAX_CONNECTIONS", Defaults.LIMITS.connections()),
            Map.entry("properties.HOST", Defaults.HOST),
            Map.entry("properties.PORT", Defaults.PORT),
            Map.entry("properties.LOG_LEVEL", "info"),
            Map.entry("properties.API_TIMEOUT_MS", Defaults.LIMITS.firstByte().toMillis()),
            Map.entry(
                "properties.STREAM_IDLE_TIMEOUT_MS",
                Defaults.LIMITS.streamIdle().toMillis()),
            Map.entry(
                "properties.UPSTREAM_CONNECTIONS_PER_ORIGIN",
                Defaults.LIMITS.upstreamConnectionsPerOrigin()),
            Map.entry("properties.errors", "raw"),
            Map.entry("$defs.router.properties.longContextThreshold", 60000));
    defaults.forEach(
        (path, value) -> {
          Node node = at(path + ".default");
          assertEquals(
              String.valueOf(value),
              node instanceof Node.Text string ? string.value() : node.shown(),
              path);
        });
  }

  @Test
  void itHasTheDefaultsOfTheClocks() {
    Map.of(
            "CONNECT_TIMEOUT_MS", Defaults.LIMITS.connect(),
            "PING_INTERVAL_MS", Defaults.LIVENESS.ping(),
            "EARLY_COMMENTS_MS", Defaults.LIVENESS.earlyComments(),
            "GRACE_PERIOD_MS", Defaults.LIVENESS.gracePeriod(),
            "DRAIN_DELAY_MS", Defaults.LIVENESS.drainDelay())
        .forEach(
            (key, time) ->
                assertEquals(
                    String.valueOf(time.toMillis()),
                    at("properties." + key + ".default").shown(),
                    key));
  }

  static List<Path> samples() throws IOException {
    return SampleFiles.all();
  }

  @ParameterizedTest
  @CsvSource({
    "retry, attempts, 1",
    "retry, baseDelayMs, 500",
    "retry, maxDelayMs, 10000",
    "circuitBreaker, failures, 5",
    "circuitBreaker, openMs, 30000",
    "circuitBreaker, failFast, false",
  })
  void itsDefaultsForFailuresAreThoseOfDefaultsTest(String object, String key, String value) {
    assertEquals(value, at("properties." + object + ".properties." + key + ".default").shown());
  }

  @ParameterizedTest
  @MethodSource("samples")
  void everySampleIsValid(Path file) throws IOException {
    String name = SampleFiles.name(file);
    String content = Files.readString(file);
    ConfigProblems problems = new ConfigProblems(name);
    Node.Obj tree =
        name.endsWith("json") ? JsonTree.read(content, problems) : YamlTree.read(content, problems);
    assertNotNull(tree, name);
    assertEquals(List.of(), schema.validate(json(tree), InputFormat.JSON));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[]",
        "{<p>, 'PORT': 70000}",
        "{<p>, 'port': 'http'}",
        "{<p>, 'HOST': 7}",
        "{<p>, 'APIKEY': ['k']}",
        "{<p>, 'LOG_LEVEL': 'loud'}",
        "{<p>, 'API_TIMEOUT_MS': -1}",
        "{<p>, 'STREAM_IDLE_TIMEOUT_MS': '10 s'}",
        "{<p>, 'PING_INTERVAL_MS': -1}",
        "{<p>, 'errors': 'loud'}",
        "{<p>, 'MAX_BYTES_IN_FLIGHT': -1}",
        "{<p>, 'MAX_REQUESTS_IN_FLIGHT': 'many'}",
        "{<p>, 'MAX_CONNECTIONS': -1}",
        "{<p>, 'domain_mappings': {'h': 'loud'}}",
        "{<p>, 'retry': 3}",
        "{<p>, 'retry': {'attempts': 11}}",
        "{<p>, 'retry': {'maxDelayMs': 0}}",
        "{<p>, 'retry': {'statuses': [302]}}",
        "{<p>, 'circuitBreaker': {'openMs': -1}}",
        "{<p>, 'circuitBreaker': {'failFast': 'yes'}}",
        "{'Providers': [{'name': 'a', 'url': 'http://h', 'api_key': [{'weight': 2}]}]}",
        "{'Providers': [{'name': 'a', 'url': 'http://h', 'api_key': [{'key': 'k', 'weight': 0}]}]}",
        "{'Providers': []}",
        "{'Providers': {}}",
        "{'Providers': 'p'}",
        "{'Providers': [{'url': 'http://h', 'api_key': ''}]}",
        "{'Providers': [{'name': 'a,b', 'url': 'http://h', 'api_key': ''}]}",
        "{'Providers': [{'name': 'a', 'url': 'http://h', 'api_key': 7}]}",
        "{'Providers': [{'name': 'a', 'url': 'http://h', 'api_key': []}]}",
        "{'Providers': [{'name': 'a', 'url': 'http://h', 'api_key': '', 'models': 'm'}]}",
        "{'Providers': [{'name': 'a', 'url': 'http://h', 'api_key': '', 'profile': 'x'}]}",
        "{'Providers': [{'name': 'a', 'url': 'http://h', 'api_key': '', 'max_output_tokens': 0}]}",
        "{'Providers': [{'name': 'a', 'url': 'http://h', 'api_key': '', 'enabled': 'yes'}]}",
        "{'Providers': [{'name': 'a', 'url': 'http://h', 'api_key': '', 'transformer': []}]}",
        "{'Providers': [{'name': 'a', 'url': 'http://h', 'api_key': '', 'proxy': 'ftp://h'}]}",
        "{'Providers': [{'name': 'a', 'url': 'http://h', 'api_key': '', 'tls': {'ca': 7}}]}",
        "{<p>, 'UPSTREAM_TLS': 'ca.pem'}",
        "{'providers': {'a': 'http://h'}}",
        "{<p>, 'Router': 'p,m'}",
        "{<p>, 'Router': {'default': 'm'}}",
        "{<p>, 'router': {'long_context': 7}}",
        "{<p>, 'Router': {'longContextThreshold': -1}}",
        "{<p>, 'Router': {'thinkEfforts': 'high'}}",
        "{<p>, 'Router': {'rules': [{'model': 'm'}]}}",
        "{<p>, 'Router': {'rules': [{'to': 'm'}]}}",
        "{<p>, 'Router': {'rules': [{'to': 'p,m', 'header': {'a b': 'c'}}]}}",
        "{<p>, 'Router': {'fallback': {'think': 'p,m'}}}",
        "{<p>, 'fallback': {'think': [7]}}",
        "{<p>, 'CLIENT_KEYS': {'name': 'a', 'key': 'k'}}",
        "{<p>, 'CLIENT_KEYS': [{'key': 'k'}]}",
        "{<p>, 'CLIENT_KEYS': [{'name': 'a'}]}",
        "{<p>, 'CLIENT_KEYS': [{'name': 'a', 'key': ''}]}",
        "{<p>, 'CLIENT_KEYS': [{'name': 'ä', 'key': 'k'}]}",
        "{<p>, 'CLIENT_KEYS': [{'name': 'a', 'sha256': 'k'}]}",
        "{<p>, 'CLIENT_KEYS': [{'name': 'a', 'key': 'k', 'models': []}]}",
        "{<p>, 'CLIENT_KEYS': [{'name': 'a', 'key': 'k', 'expires': 'soon'}]}",
        "{<p>, 'CLIENT_KEYS': [{'name': 'a', 'key': 'k', 'concurrent': 0}]}",
      })
  void whatTheReaderRefusesTheSchemaRefusesToo(String content) {
    String json =
        content
            .replace("<p>", "'Providers': [{'name': 'p', 'url': 'http://h', 'api_key': ''}]")
            .replace('\'', '"');
    assertThrows(
        ConfigException.class, () -> ConfigReader.parse("config.json", json, Map.of()));
    assertFalse(schema.validate(json, InputFormat.JSON).isEmpty());
  }

  /** A value of the schema itself, which the reader's own parser can read. */
  private static Node at(String path) {
    Node node = JsonTree.read(text, new ConfigProblems("schema"));
    for (String key : path.split("\\.", -1)) {
      node = member(node, key);
    }
    assertNotNull(node, path);
    return node;
  }

  private static @Nullable Node member(@Nullable Node node, String key) {
    return node instanceof Node.Obj object
        ? object.members().stream()
            .filter(member -> member.key().equals(key))
            .map(Node.Member::value)
            .findFirst()
            .orElse(null)
        : null;
  }

  private static List<String> strings(Node array) {
    return ((Node.Array) array).items().stream().map(item -> ((Node.Text) item).value()).toList();
  }

  private static String json(Node tree) throws IOException {
    StringWriter out = new StringWriter();
    try (JsonGenerator generator = new JsonFactory().createGenerator(out)) {
      write(tree, generator);
    }
    return out.toString();
  }

  private static void write(Node node, JsonGenerator out) throws IOException {
    switch (node) {
      case Node.Obj object -> {
        out.writeStartObject();
        for (Node.Member member : object.members()) {
          out.writeFieldName(member.key());
          write(member.value(), out);
        }
        out.writeEndObject();
      }
      case Node.Array array -> {
        out.writeStartArray();
        for (Node item : array.items()) {
          write(item, out);
        }
        out.writeEndArray();
      }
      case Node.Text string -> out.writeString(string.value());
      case Node.Num number -> out.writeRawValue(number.literal().replace("+", ""));
      case Node.Word word -> out.writeRawValue(word.literal());
    }
  }
}
