package dev.ccr.proxy.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Over the whole line, since what is not HTTP is found by Netty's decoder. */
final class EndpointHandlerTest {

  private static final String EMPTY_POST = "POST /v1/messages HTTP/1.1\nhost: localhost\n";

  private final TestLine line = new TestLine(Samples.SNAPSHOT);

  /** Status, type and message of an error answer. */
  private static String error(String answer) {
    return answer.replaceAll(
        "(?s)HTTP/1\\.1 (\\d+).*\"error\":\\{\"type\":\"(\\w+)\",\"message\":\"(.*)\"},.*",
        "$1 $2 $3");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = ';',
      value = {
        "POST /v1/complete; 404 not_found_error path: /v1/complete (expected: PATHS"
            + ")",
        "POST /v1/messages/; 404 not_found_error path: /v1/messages/ (expected: PATHS"
            + ")",
        "POST /V1/messages; 404 not_found_error path: /V1/messages (expected: PATHS"
            + ")",
        "POST /a\"b?q; 404 not_found_error path: /a\\\"b (expected: PATHS)",
        "OPTIONS *; 404 not_found_error path: * (expected: PATHS)",
        "GET /v1/messages; 405 invalid_request_error method: GET (expected: POST)",
        "GET /v1/messages/count_tokens; 405 invalid_request_error method: GET (expected: POST)",
        "POST /v1/models; 404 not_found_error path: /v1/models (expected: PATHS)",
        "POST /v1/messages/count_tokens; 400 invalid_request_error request body: empty (expected: a"
            + " JSON object)",
        "GET /v1/models/nobody,x; 404 not_found_error model: nobody,x (expected: an id that"
            + " /v1/models lists)",
        "GET /v1/models?limit=0; 400 invalid_request_error limit: 0 (expected: a number, 1 to"
            + " 1000)",
        "PATCH /v1/messages?beta=true; 405 invalid_request_error method: PATCH (expected: POST)",
        "POST /v1/messages; 400 invalid_request_error request body: empty (expected: a JSON"
            + " object)",
        "POST /v1/messages?beta=true; 400 invalid_request_error request body: empty (expected: a"
            + " JSON object)",
        "POST http://localhost/v1/messages; 400 invalid_request_error request body: empty"
            + " (expected: a JSON object)"
      })
  void onlyWhatThereIsAnEndpointForIsLetIn(String requestLine, String expected) {
    String paths = "/v1/messages, /v1/messages/count_tokens, /v1/models or /health";
    String answer = line.send(requestLine + " HTTP/1.1\nhost: localhost\n\n");
    assertEquals(expected.replace("PATHS", paths), error(answer));
    assertTrue(line.isOpen());
    line.close();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = ';',
      value = {
        "no version; GET /;400 invalid_request_error request: no version behind the request target"
            + " (expected: HTTP/1.1 as RFC 9112 has it)",
        "a version of its own; POST / JTTP/1.1;"
            + "400 invalid_request_error request: no version behind the request target"
            + " (expected: HTTP/1.1 as RFC 9112 has it)",
        "two lengths; POST / HTTP/1.1|content-length: 1|content-length: 2;"
            + "400 invalid_request_error request: more than one content-length"
            + " (expected: HTTP/1.1 as RFC 9112 has it)",
        "no length at all; POST / HTTP/1.1|content-length: many;"
            + "400 invalid_request_error request: not HTTP/1.1 as RFC 9112 has it",
        "a header without a name; POST /v1/messages HTTP/1.1|: value;"
            + "400 invalid_request_error request: not HTTP/1.1 as RFC 9112 has it"
      })
  void whatIsNotHttpIsRefusedAndEndsTheConnection(String name, String head, String expected) {
    String answer = line.send(head.replace("|", "\n") + "\n\n");
    assertEquals(expected, error(answer));
    assertTrue(answer.contains("\r\nconnection: close\r\n"), answer);
    assertFalse(line.isOpen(), "nothing behind it can be read");
    line.close();
  }

  @Test
  void aRequestLineThatIsTooLongIsRefused() {
    String answer = line.send("POST /" + "a".repeat(8192) + " HTTP/1.1\n\n");
    assertEquals("414 invalid_request_error request line: too long", error(answer));
    assertFalse(line.isOpen());
    line.close();
  }

  @Test
  void headersThatAreTooLargeAreRefused() {
    String answer = line.send(EMPTY_POST + "cookie: " + "a".repeat(65_536) + "\n\n");
    assertEquals("431 invalid_request_error request headers: too large", error(answer));
    assertFalse(line.isOpen(), "nothing behind them can be read");
    line.close();
  }

  @Test
  void headersThatAreTooLargeAreRefusedAsSuchWhereAKeyIsWanted() {
    try (TestLine locked = new TestLine(Samples.snapshot("secret"))) {
      String answer =
          locked.send(EMPTY_POST + "a: " + "a".repeat(65_536) + "\nx-api-key: secret\n\n");
      assertEquals("431 invalid_request_error request headers: too large", error(answer));
      assertFalse(locked.isOpen());
    }
    line.close();
  }

  @Test
  void aChunkThatIsNotHttpIsRefusedAndEndsTheConnection() {
    assertEquals("", line.send(EMPTY_POST + "transfer-encoding: chunked\n\n2\n{}\n"));
    assertEquals(
        "400 invalid_request_error request: not HTTP/1.1 as RFC 9112 has it",
        error(line.send("not a number\n")));
    assertFalse(line.isOpen());
    line.close();
  }

  @Test
  void aRefusedRequestDoesNotHinderTheNext() {
    String body = "content-length: 3\n\nabc";
    String answers =
        line.send(
            "POST /1 HTTP/1.1\nhost: localhost\n" + body
                + "POST /2 HTTP/1.1\nhost: localhost\n" + body);
    assertTrue(answers.indexOf("path: /1 ") < answers.indexOf("path: /2 "), answers);
    assertTrue(line.isOpen());
    line.close();
  }
}
