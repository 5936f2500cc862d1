package dev.ccr.proxy.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RequestPathTest {

  @ParameterizedTest(name = "<{0}>")
  @CsvSource({
    "/v1/messages, /v1/messages, ''",
    "/v1/messages?beta=true, /v1/messages, beta=true",
    "/v1/messages?, /v1/messages, ''",
    "/?a?b, /, a?b",
    "/p#f, /p, ''",
    "/p?q#f, /p, q",
    "//p, //p, ''",
    "/a%2Fb, /a%2Fb, ''",
    "/p?u=http://h/x, /p, u=http://h/x",
    "http://h/p?q, /p, q",
    "HTTPS://h:1/p, /p, ''",
    "http://h, /, ''",
    "http://h/, /, ''",
    "http://h?q, /, q",
    "http://h?q=/v1/messages, /, q=/v1/messages",
    "http://h#/f, /, ''",
    "?q, /, q",
    "*, *, ''",
    "'', /, ''"
  })
  void aTargetIsTakenApart(String target, String path, String query) {
    assertEquals(path, RequestPath.path(target));
    assertEquals(query, RequestPath.query(target));
  }
}
