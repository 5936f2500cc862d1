package dev.ccr.proxy.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.ccr.proxy.model.RequestException;
import dev.ccr.proxy.tokens.CounterLimits;
import dev.ccr.proxy.tokens.TokenCounter;
import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RoutingHandlerTest {

  private final TokenCounter counter = new TokenCounter(CounterLimits.defaults());
  private final EmbeddedChannel client = new EmbeddedChannel(new RoutingHandler(counter));

  @AfterEach
  void close() {
    counter.close();
  }

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

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theTagIsCutOutAndTheModelIsFoundWhereItStands(boolean first) {
    String part = first ? "{\"model\":\"m\"," : ",\"model\":\"m\"}";
    String tag = "<CCR-SUBAGENT-MODEL>chat,tagged</CCR-SUBAGENT-MODEL>";
    String rest = "\"system\":\"%sBe brief.\",\"messages\":[]";
    String body = first ? part + rest + "}" : "{" + rest + part;
    Exchange exchange = exchange(body.formatted(tag));
    client.writeInbound(exchange);
    assertSame(exchange, client.readInbound());
    assertEquals("subagent", exchange.route().rule());
    assertEquals("tagged", exchange.route().model());
    ByteBuf left = exchange.body();
    assertEquals(body.formatted(""), left.toString(StandardCharsets.UTF_8));
    int start = exchange.facts().modelStart();
    assertEquals(
        "\"m\"", left.toString(start, exchange.facts().modelEnd() - start, StandardCharsets.UTF_8));
    exchange.release();
  }

  @Test
  void anExchangeHasNoRouteBefore() {
    Exchange exchange = exchange("{}");
    assertThrows(IllegalStateException.class, exchange::route);
    assertThrows(IllegalStateException.class, exchange::facts);
    exchange.release();
  }
}
