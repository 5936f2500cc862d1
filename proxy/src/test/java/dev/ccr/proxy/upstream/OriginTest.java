package dev.ccr.proxy.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class OriginTest {

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "http://a.example/v1, false, a.example, 80, a.example, http://a.example",
    "https://a.example/v1, true, a.example, 443, a.example, https://a.example",
    "HTTPS://API.Example.COM, true, api.example.com, 443, api.example.com,"
        + " https://api.example.com",
    "https://a.example:443, true, a.example, 443, a.example, https://a.example",
    "http://a.example:443, false, a.example, 443, a.example:443, http://a.example:443",
    "https://a.example:80, true, a.example, 80, a.example:80, https://a.example:80",
    "http://localhost:11434/v1, false, localhost, 11434, localhost:11434, http://localhost:11434",
    "http://127.0.0.1:1, false, 127.0.0.1, 1, 127.0.0.1:1, http://127.0.0.1:1",
    "http://[::1]:8080/v1, false, ::1, 8080, [::1]:8080, http://[::1]:8080",
    "https://[2001:DB8::1]/v1, true, 2001:db8::1, 443, [2001:db8::1], https://[2001:db8::1]",
    "https://user:secret@a.example/v1, true, a.example, 443, a.example, https://a.example"
  })
  void anOriginIsTheSchemeHostAndPortOfAUrl(
      URI url, boolean tls, String host, int port, String header, String text) {
    Origin origin = Origin.of(url);
    assertEquals(new Origin(tls, host, port), origin);
    assertEquals(header, origin.hostHeader());
    assertEquals(text, origin.toString());
  }

  @Test
  void originsDifferByScheme() {
    assertNotEquals(new Origin(true, "a", 443), new Origin(false, "a", 443));
  }
}
