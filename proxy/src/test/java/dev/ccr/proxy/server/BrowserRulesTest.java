package dev.ccr.proxy.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ccr.proxy.config.Config;
import dev.ccr.proxy.model.ApiErrorType;
import dev.ccr.proxy.model.Glob;
import dev.ccr.proxy.model.RequestException;
import io.netty.handler.codec.http.HttpRequest;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class BrowserRulesTest {

  private static final Config CONFIG = Samples.config("");
  private static final Config LISTING =
      CONFIG.toBuilder()
          .allowedHosts(List.of(new Glob("host.docker.internal"), new Glob("*.ts.net")))
          .build();

  private static HttpRequest request(String target, String... headers) {
    HttpRequest request = Samples.post(target);
    for (int i = 0; i < headers.length; i += 2) {
      request.headers().add(headers[i], headers[i + 1]);
    }
    return request;
  }

  private static boolean admits(Config config, boolean local, String... headers) {
    return BrowserRules.fault(request("/health", headers), config, local) == null;
  }

  @ParameterizedTest
  @CsvSource({
    "localhost, true",
    "LocalHost:6970, true",
    "localhost., true",
    "localhost:, true",
    "127.0.0.1:6970, true",
    "127.8.9.10, true",
    "[::1]:6970, true",
    "[::ffff:127.0.0.1], true",
    "evil.example, false",
    "evil.example:6970, false",
    "localhost.evil.example, false",
    "127.0.0.1.evil.example, false",
    "127.0.0.1.nip.io:6970, false",
    "0.0.0.0:6970, false",
    "[::]:6970, false",
    "192.168.1.7, false",
    "169.254.169.254, false",
    "[fe80::1], false",
    "host.docker.internal, false",
    "1evil, false"
  })
  void aRouterOnThisMachineIsCalledByItsNamesOnly(String host, boolean admitted) {
    assertEquals(admitted, admits(CONFIG, true, "host", host));
    assertTrue(admits(CONFIG, false, "host", host), "elsewhere the key decides");
  }

  @ParameterizedTest
  @CsvSource({
    "host.docker.internal:6970, true",
    "HOST.docker.internal, true",
    "mine.ts.net, true",
    "localhost, true",
    "docker.internal, false",
    "ts.net.evil.example, false"
  })
  void namesThatAreListedAreAdmittedAndNoOthersWhereverItListens(String host, boolean admitted) {
    assertEquals(admitted, admits(LISTING, true, "host", host));
    assertEquals(admitted, admits(LISTING, false, "host", host));
  }

  @Test
  void aRefusalSaysWhatToDo() {
    RequestException fault =
        BrowserRules.fault(request("/health", "host", "evil.example:1"), CONFIG, true);
    assertEquals(
        "host: evil.example:1 (expected: localhost, a loopback address, or a name in"
            + " ALLOWED_HOSTS)",
        String.valueOf(fault == null ? null : fault.getMessage()));
    assertEquals(ApiErrorType.PERMISSION, fault == null ? null : fault.type());
    assertEquals(403, fault == null ? 0 : fault.status());
  }

  @Test
  void theHostOfAnAbsoluteTargetCountsInPlaceOfTheHeader() {
    HttpRequest foreign = request("http://evil.example/health", "host", "localhost");
    assertFalse(BrowserRules.fault(foreign, CONFIG, true) == null);
    HttpRequest own = request("http://localhost/health", "host", "evil.example");
    assertNull(BrowserRules.fault(own, CONFIG, true));
  }

  @Test
  void aClientOfHttp10NeedsNoHost() {
    assertTrue(admits(CONFIG, true));
  }

  @ParameterizedTest
  @CsvSource({
    "http://localhost:3000, true, false",
    "http://127.0.0.1:6970, true, false",
    "https://[::1], true, false",
    "https://evil.example, false, false",
    "http://localhost.evil.example, false, false",
    "null, false, false",
    "chrome-extension://abcdef, false, false",
    "vscode-webview://abcdef, false, false",
    "file://, false, false",
    "'', false, false",
    "https://gateway.example, false, true",
    "https://GATEWAY.example:8443, false, true"
  })
  void aPageOfAnotherSiteIsRefused(String origin, boolean local, boolean elsewhere) {
    assertEquals(local, admits(CONFIG, true, "host", "localhost:6970", "origin", origin));
    assertEquals(
        elsewhere, admits(CONFIG, false, "host", "gateway.example", "origin", origin));
  }

  @ParameterizedTest
  @CsvSource({"cross-site, false", "Cross-Site, false", "same-site, true", "none, true"})
  void aBrowserThatSaysSoIsBelieved(String site, boolean admitted) {
    assertEquals(admitted, admits(CONFIG, true, "host", "localhost", "sec-fetch-site", site));
    assertEquals(admitted, admits(CONFIG, false, "host", "g.example", "sec-fetch-site", site));
  }

  @Test
  void oneForeignOriginOfTwoIsEnough() {
    assertFalse(
        admits(
            CONFIG, true, "host", "localhost", "origin", "http://localhost", "origin", "null"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /health", "HEAD /", "GET /metrics", "HEAD /api/hello", "GET /v1/models",
        "POST /v1/messages", "OPTIONS /v1/messages", "GET /nowhere"
      })
  void nothingIsAnsweredToAPageUnderAForeignName(String requestLine) {
    try (TestLine line = new TestLine(Samples.SNAPSHOT)) {
      String answer = line.send(requestLine + " HTTP/1.1\nhost: evil.example\n\n");
      assertTrue(answer.startsWith("HTTP/1.1 403 Forbidden\r\n"), answer);
      assertFalse(answer.toLowerCase(Locale.ROOT).contains("access-control"), answer);
      assertTrue(line.send("GET /health HTTP/1.1\nhost: localhost\n\n").contains(" 200 OK"));
    }
  }

  @Test
  void aPreflightIsRefusedAndSaysNothingOfWhatIsAllowed() {
    try (TestLine line = new TestLine(Samples.SNAPSHOT)) {
      for (String origin : List.of("https://evil.example", "http://localhost:3000")) {
        String answer =
            line.send(
                "OPTIONS /v1/messages HTTP/1.1\nhost: localhost\norigin: " + origin
                    + "\naccess-control-request-method: POST\n"
                    + "access-control-request-headers: content-type, x-api-key\n\n");
        assertTrue(answer.startsWith("HTTP/1.1 40"), answer);
        assertFalse(answer.toLowerCase(Locale.ROOT).contains("access-control"), answer);
      }
    }
  }
}
