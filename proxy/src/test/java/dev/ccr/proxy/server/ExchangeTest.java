package dev.ccr.proxy.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ExchangeTest {

  /** Thousands of streams are open at a time, for minutes each. */
  @ParameterizedTest
  @CsvSource({"HTTP/1.0, false", "HTTP/1.1, true"})
  void whatTheClientSentGoesWithTheBodyAndWhatItTakesIsKnownOn(String version, boolean chunks) {
    HttpRequest head = Samples.post("/v1/messages").setProtocolVersion(HttpVersion.valueOf(version));
    Exchange exchange = Samples.exchange(head, "chat", true);
    assertSame(head, exchange.head());
    exchange.release();
    assertThrows(IllegalStateException.class, exchange::head);
    assertEquals(chunks, exchange.takesChunks());
  }
}
