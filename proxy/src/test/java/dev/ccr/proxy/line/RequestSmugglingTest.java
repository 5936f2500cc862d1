package dev.ccr.proxy.line;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ccr.proxy.mock.MockUpstream;
import dev.ccr.proxy.mock.Scenarios;
import dev.ccr.proxy.testing.HttpCase;
import dev.ccr.proxy.testing.Router;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Octets as an attacker sends them, over sockets: what is refused is answered once, ends its
 * connection and reaches no upstream; behind what is taken the next request is read as one.
 */
final class RequestSmugglingTest {

  private static final String NEXT =
      "GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

  private static MockUpstream upstream;
  private static Router router;

  @BeforeAll
  static void start() {
    upstream = MockUpstream.start(new Scenarios());
    router = Router.start(upstream);
  }

  @AfterAll
  static void stop() {
    router.close();
    assertEquals(0, asked("smuggled"), "nor later");
    upstream.close();
  }

  static Stream<HttpCase> cases() {
    return Stream.of("http1-smuggling.txt", "http1-compliance.txt").flatMap(HttpCase::read);
  }

  @Test
  void theTablesAreAsLongAsTheirModel() {
    assertTrue(HttpCase.read("http1-smuggling.txt").count() >= 87);
    assertTrue(HttpCase.read("http1-compliance.txt").count() >= 76);
    assertEquals(cases().count(), cases().map(HttpCase::name).distinct().count());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void eachCaseIsDecidedAsTheTableSays(HttpCase given) throws IOException {
    String behind = given.open() ? NEXT : given.ends() ? "" : HttpCase.smuggled(given.name());
    List<Integer> expected = new ArrayList<>(given.statuses());
    if (given.open()) {
      expected.add(200);
    }
    try (Socket client = router.connect()) {
      byte[] octets = (given.octets() + behind).getBytes(StandardCharsets.ISO_8859_1);
      client.getOutputStream().write(octets);
      if (given.ends()) {
        client.shutdownOutput();
      }
      assertEquals(expected, answers(client.getInputStream(), given), given.section());
    }
    long served = given.statuses().contains(200) && given.octets().contains(given.body()) ? 1 : 0;
    assertEquals(served, asked("\"" + given.name() + "\""), "requests that reached an upstream");
    assertEquals(0, asked("\"smuggled by " + given.name() + "\""), "requests that were smuggled");
  }

  private static long asked(String word) {
    return upstream.requests().stream().filter(each -> each.body().contains(word)).count();
  }

  /** The statuses of all answers, to the end of the connection; each must be whole. */
  private static List<Integer> answers(InputStream in, HttpCase given) throws IOException {
    List<Integer> statuses = new ArrayList<>();
    for (String status = line(in); !status.isEmpty(); status = line(in)) {
      assertTrue(status.matches("HTTP/1\\.1 \\d{3} .*"), status);
      int code = Integer.parseInt(status.substring(9, 12));
      long length = -1;
      boolean chunked = false;
      boolean closes = false;
      for (String field = field(in); !field.isEmpty(); field = field(in)) {
        if (field.startsWith("content-length: ")) {
          length = Long.parseLong(field.substring(16));
        }
        chunked |= field.equals("transfer-encoding: chunked");
        closes |= field.equals("connection: close");
        assertTrue(!field.startsWith("access-control-"), field);
      }
      boolean toHead = given.octets().startsWith("HEAD") && statuses.isEmpty();
      if (code >= 200 && !toHead) {
        assertTrue(!chunked && length >= 0, "a whole message, as none of the cases streams");
        String body = new String(in.readNBytes((int) length), StandardCharsets.UTF_8);
        assertEquals(length, body.length());
        assertTrue(code < 400 || body.startsWith("{\"type\":\"error\""), body);
      }
      statuses.add(code);
      if (!given.open() && code >= 200 && !given.ends()) {
        assertTrue(closes, "whoever is refused is told that the connection closes");
      }
    }
    return statuses;
  }

  private static String field(InputStream in) throws IOException {
    String line = line(in);
    int colon = line.indexOf(':');
    return colon < 0
        ? line
        : line.substring(0, colon).toLowerCase(Locale.ROOT) + line.substring(colon);
  }

  /** A line without its end; empty at the end of the connection. */
  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int octet = in.read(); octet != '\n'; octet = in.read()) {
      if (octet < 0) {
        if (line.isEmpty()) {
          return "";
        }
        throw new EOFException("the connection ends behind: " + line);
      }
      line.append((char) octet);
    }
    return line.toString().strip();
  }
}
