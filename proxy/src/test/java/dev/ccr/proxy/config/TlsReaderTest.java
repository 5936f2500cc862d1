package dev.ccr.proxy.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.CertificateBuilder.Algorithm;
import io.netty.pkitesting.X509Bundle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.PrivateKey;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class TlsReaderTest {

  @TempDir static Path folder;

  @BeforeAll
  static void write() throws Exception {
    X509Bundle one = self(Algorithm.ecp256);
    X509Bundle other = self(Algorithm.rsa2048);
    file("ca.pem", "a bundle\r\n" + one.getCertificatePEM() + "# and\n" + other.getCertificatePEM());
    file("cert.pem", one.getCertificatePEM());
    file("key.pem", one.getPrivateKeyPEM());
    file("other.pem", other.getPrivateKeyPEM());
    file("empty.pem", "nothing");
    file("broken.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
    file(
        "old.pem",
        "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----\n");
  }

  private static X509Bundle self(Algorithm algorithm) throws Exception {
    return new CertificateBuilder()
        .algorithm(algorithm)
        .subject("CN=test")
        .setIsCertificateAuthority(true)
        .buildSelfSigned();
  }

  private static void file(String name, String content) throws Exception {
    Path file = Files.writeString(folder.resolve(name), content);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  private static Config config(String top, String tls, Map<String, String> env)
      throws ConfigException {
    String text =
        """
        {"Providers": [{"name": "p", "api_base_url": "https://u.example/", "api_key": "",
         "tls": {%s}}, {"name": "q", "api_base_url": "https://v.example/", "api_key": ""}],
         "UPSTREAM_TLS": {%s}, "Router": {"default": "p,m"}}
        """
            .formatted(tls, top);
    return ConfigReader.parse(
        "config.json", text.replace('\'', '"').replace("DIR", folder.toString()), env);
  }

  private static TlsFiles tls(Config config, int provider) {
    return config.way(config.providers().get(provider)).tls();
  }

  @Test
  void authoritiesOfTheVariableTheFileAndTheProviderAddUp() throws Exception {
    Map<String, String> env = Map.of("NODE_EXTRA_CA_CERTS", folder.resolve("cert.pem").toString());
    Config config = config("'ca': 'DIR/ca.pem'", "'CA': 'DIR/cert.pem'", env);
    assertEquals(4, tls(config, 0).trusted().size());
    assertEquals(3, tls(config, 1).trusted().size());
    assertEquals(List.of(), config.warnings());
    assertEquals(TlsFiles.NONE, tls(config("", "", Map.of()), 0));
  }

  @Test
  void aCertificateIsItsProvidersAlone() throws Exception {
    Config config =
        config("", "'certificate': 'DIR/cert.pem', 'key': 'DIR/key.pem'", Map.of());
    assertEquals(1, tls(config, 0).chain().size());
    assertNotNull(tls(config, 0).privateKey());
    assertNull(tls(config, 1).certificate());
    assertEquals(TlsFiles.NONE, tls(config, 0).withoutCertificate());
    assertFalse(config.toString().contains("PRIVATE"));
  }

  @Test
  void whatIsWrittenReadsAsTheSame() throws Exception {
    Map<String, String> env = Map.of("NODE_EXTRA_CA_CERTS", folder.resolve("cert.pem").toString());
    Config config =
        config(
            "'ca': 'DIR/ca.pem'",
            "'ca': 'DIR/cert.pem', 'certificate': 'DIR/cert.pem', 'key': 'DIR/key.pem'",
            env);
    String written = ConfigWriter.json(config, env);
    Config again = ConfigReader.parse("config.json", written, env);
    assertEquals(tls(config, 0), tls(again, 0));
    assertEquals(written, ConfigWriter.json(again, env));
    assertFalse(written.contains("BEGIN"));
  }

  @ParameterizedTest
  @EnumSource(value = Algorithm.class, names = {"ecp256", "ecp384", "rsa2048", "ed25519"})
  void keysOfAllUsualKindsAreRead(Algorithm algorithm) throws Exception {
    X509Bundle bundle = self(algorithm);
    PrivateKey key = new Pem("", Secret.of(bundle.getPrivateKeyPEM())).privateKey();
    assertEquals(bundle.getKeyPair().getPrivate(), key);
  }

  @Test
  void aFileThatHasChangedMakesAnotherConfiguration() throws Exception {
    file("changing.pem", Files.readString(folder.resolve("ca.pem")));
    Config before = config("'ca': 'DIR/changing.pem'", "", Map.of());
    file("changing.pem", Files.readString(folder.resolve("cert.pem")));
    assertNotEquals(before, config("'ca': 'DIR/changing.pem'", "", Map.of()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'ca': 'ca.pem' | ca: \"ca.pem\" (expected: an absolute path)",
        "'ca': 7 | ca: 7 (expected: a string)",
        "'ca': 'DIR/none.pem' | ca: \"DIR/none.pem\": no such file (expected: CERTS)",
        "'ca': 'DIR' | ca: \"DIR\": not readable (expected: CERTS)",
        "'ca': 'DIR/empty.pem' | ca: \"DIR/empty.pem\": nothing of that kind in it (expected: CERTS)",
        "'ca': 'DIR/broken.pem' | ca: \"DIR/broken.pem\": nothing of that kind in it (expected: CERTS)",
        "'certificate': 'DIR/cert.pem' | key: missing (expected: the private key of the certificate)",
        "'key': 'DIR/key.pem' | certificate: missing (expected: the certificate of the key)",
        "'certificate': 'DIR/cert.pem', 'key': 'DIR/other.pem' | key: \"DIR/other.pem\" (expected: the private key of the certificate)",
        "'certificate': 'DIR/cert.pem', 'key': 'DIR/old.pem' | key: \"DIR/old.pem\": nothing of that kind in it (expected: KEY)",
      })
  void whatIsWrongWithAFileIsAProblem(String tls, String problem) {
    ConfigException e =
        assertThrows(ConfigException.class, () -> config("", tls, Map.of()));
    assertEquals(
        List.of(
            "config.json:2: Providers[0].tls."
                + problem
                    .replace("CERTS", "a readable file with certificates in PEM")
                    .replace(
                        "KEY",
                        "a readable file with a private key in PEM: PKCS #8, not encrypted")
                    .replace("DIR", folder.toString())),
        e.problems());
  }

  @Test
  void aClientCertificateForAllIsNone() throws Exception {
    Config config = config("'certificate': 'DIR/cert.pem'", "", Map.of());
    assertEquals(
        List.of("config.json:3: UPSTREAM_TLS.certificate: unknown key"), config.warnings());
  }

  @ParameterizedTest
  @CsvSource({"none.pem, no such file", "empty.pem, nothing of that kind in it"})
  void aVariableThatCannotBeUsedIsAWarning(String name, String fault) throws Exception {
    String path = folder.resolve(name).toString();
    Config config = config("", "", Map.of("NODE_EXTRA_CA_CERTS", path));
    assertEquals(
        List.of("NODE_EXTRA_CA_CERTS: \"" + path + "\": " + fault + ": ignored"),
        config.warnings());
    assertEquals(TlsFiles.NONE, tls(config, 0));
  }
}
