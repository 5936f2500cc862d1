package dev.ccr.proxy.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DoorsReaderTest {

  private static final String REST =
      "\"Providers\": [{\"name\": \"openai\", \"api_key\": \"k\", \"models\": [\"m\"]}],"
          + " \"Router\": {\"default\": \"openai,m\"}}";

  @TempDir private Path folder;

  @BeforeEach
  void write() throws IOException {
    for (String name : List.of("chain.pem", "key.pem", "ca.pem")) {
      Path file = Files.writeString(folder.resolve(name), "");
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }
  }

  private Config read(String fields) throws IOException, ConfigException {
    Path file = Files.writeString(folder.resolve("config.json"), "{" + fields + ",\n" + REST);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    return ConfigReader.read(file, Map.of());
  }

  @Test
  void pathsStartFromTheFileAndTheRestHasDefaults() throws Exception {
    Server server =
        read("\"tls\": {\"certificate\": \"chain.pem\", \"key\": \"./key.pem\"},"
                + " \"unixSocket\": \"ccr.sock\"")
            .server();
    assertEquals(
        new TlsListening(
            folder.resolve("chain.pem"), folder.resolve("key.pem"), null, "127.0.0.1", 6971),
        server.tls());
    assertEquals(folder.resolve("ccr.sock"), server.unixSocket());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'key': 'key.pem'} | TLS.certificate: missing (expected: the path of a PEM file)",
        "{'certificate': 'chain.pem'} | TLS.key: missing (expected: the path of a PEM file)",
        "{'certificate': 'chain.pem', 'key': ''}"
            + "| TLS.key: \"\" (expected: the path of a PEM file)",
        "{'certificate': 'a.pem', 'key': 'key.pem'}"
            + "| TLS.certificate: \"a.pem\" (expected: the path of a readable PEM file)",
        "{'certificate': 'chain.pem', 'key': 'key.pem', 'port': 70000}"
            + "| TLS.port: 70000 (expected: a port, 0 to 65535)",
        "{'certificate': 'chain.pem', 'key': 'key.pem', 'host': '0.0.0.0'}"
            + "| TLS.host: \"0.0.0.0\" (expected: a loopback address, an APIKEY or a client_ca,"
            + " because anybody who reaches this port could spend your providers' keys)",
        "7 | TLS: a number (expected: an object)",
      })
  void whatIsWrongIsSaid(String tls, String problem) {
    ConfigException failure =
        assertThrows(
            ConfigException.class, () -> read("\"TLS\": " + tls.replace('\'', '"')));
    assertEquals(List.of("config.json:1: " + problem.strip()), failure.problems());
  }

  @Test
  void aKeyThatOthersMayReadAndAClearPortForAllAreUnwise() throws Exception {
    Files.setPosixFilePermissions(
        folder.resolve("key.pem"), PosixFilePermissions.fromString("rw-r--r--"));
    Config config =
        read("\"HOST\": \"0.0.0.0\", \"APIKEY\": \"k\","
            + " \"TLS\": {\"certificate\": \"chain.pem\", \"key\": \"key.pem\"}");
    assertEquals(
        List.of(
            "config.json:1: TLS.key: " + folder.resolve("key.pem")
                + ": mode 0644 (expected: 0600, since it holds a key)",
            "config.json:1: TLS: others reach \"0.0.0.0\" without TLS too (expected: a loopback"
                + " address as HOST)"),
        config.warnings());
  }

  @Test
  void aDoorThatTakesOnlyCertifiedClientsNeedsNoKey() throws Exception {
    TlsListening tls =
        read("\"TLS\": {\"certificate\": \"chain.pem\", \"key\": \"key.pem\","
                + " \"clientCa\": \"ca.pem\", \"host\": \"0.0.0.0\"}")
            .server()
            .tls();
    assertNotNull(tls);
    assertEquals(folder.resolve("ca.pem"), tls.clientAuthority());
  }

  @Test
  void aLongPathIsAProblem() {
    ConfigException failure =
        assertThrows(
            ConfigException.class,
            () -> read("\"UNIX_SOCKET\": \"/" + "x".repeat(107) + "\""));
    assertEquals(
        List.of(
            "config.json:1: UNIX_SOCKET: \"/" + "x".repeat(107)
                + "\" (expected: a path of at most 107 bytes)"),
        failure.problems());
  }

  @Test
  void theDoorsAreWrittenToo() throws Exception {
    Config config =
        read("\"TLS\": {\"certificate\": \"chain.pem\", \"key\": \"key.pem\", \"port\": 443,"
            + " \"client_ca\": \"ca.pem\"}, \"UNIX_SOCKET\": \"ccr.sock\"");
    Config written =
        ConfigReader.parse("elsewhere.json", ConfigWriter.json(config, Map.of()), Map.of());
    assertEquals(config.server(), written.server());
  }

  @Test
  void doorsElsewhereNeedARestartAndOtherFilesDoNot() throws Exception {
    Config started =
        read("\"TLS\": {\"certificate\": \"chain.pem\", \"key\": \"key.pem\"}");
    Config files = read("\"TLS\": {\"certificate\": \"ca.pem\", \"key\": \"key.pem\"}");
    Config port =
        read("\"TLS\": {\"certificate\": \"ca.pem\", \"key\": \"key.pem\", \"port\": 1},"
            + " \"UNIX_SOCKET\": \"a\"");
    assertEquals(List.of(), ConfigChange.needsRestart(started, files));
    assertEquals(List.of("TLS", "UNIX_SOCKET"), ConfigChange.needsRestart(started, port));
  }
}
