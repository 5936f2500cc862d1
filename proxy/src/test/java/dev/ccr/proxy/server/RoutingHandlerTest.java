package dev.ccr.proxy.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.ccr.proxy.model.RequestException;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RoutingHandlerTest {

  private final EmbeddedChannel client = new EmbeddedChannel(new RoutingHandler());

  private static Exchange exchange(String body) {
    return new Exchange(
        Samples.SNAPSHOT, Samples.post("/v1/messages"), Samples.bytes(body), Samples.log());
  }

  @Test
  void anExchangeGoesOnWithItsRoute() {
    Exchange exchange =
        exchange("{\"model\":\"CLAUDE,opus\",\"messages\":[],\"stream\":true}");
    client.writeInbound(exchange);
    assertSame(exchange, client.readInbound());
    assertEquals("claude", exchange.route().provider().name());
    assertEquals("opus", exchange.route().model());
    assertEquals("explicit", exchange.route().rule());
    assertEquals("CLAUDE,opus", exchange.facts().model());
    exchange.release();
    assertFalse(client.finish());
  }

  @ParameterizedTest(name = "<{0}>")
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "{\"model\":\"nobody,m\",\"messages\":[]}; 404",
        "{\"model\":\",m\",\"messages\":[]}; 400",
        "{\"messages\":[}; 400",
        "{}; 400",
        "``; 400"
      })
  void anExchangeThatCannotBeRoutedIsReleased(String body, int status) {
    Exchange exchange = exchange(body);
    RequestException failure =
        assertThrows(RequestException.class, () -> client.writeInbound(exchange));
    assertEquals(status, failure.status());
    assertEquals(0, exchange.refCnt());
    assertEquals(0, exchange.body().refCnt());
    assertFalse(client.finish());
  }

  @Test
  void theNextExchangeAfterARefusedOneIsRouted() {
    assertThrows(RequestException.class, () -> client.writeInbound(exchange("{\"a\":")));
    client.writeInbound(exchange("{\"messages\":[]}"));
    Exchange second = client.readInbound();
    assertEquals("default", second.route().rule());
    second.release();
  }

  @Test
  void anExchangeHasNoRouteBefore() {
    Exchange exchange = exchange("{}");
    assertThrows(IllegalStateException.class, exchange::route);
    assertThrows(IllegalStateException.class, exchange::facts);
    exchange.release();
  }
}
