package dev.ccr.proxy.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ccr.proxy.model.UpstreamException;
import dev.ccr.proxy.upstream.Transport;
import dev.ccr.proxy.upstream.UpstreamPool;
import dev.ccr.proxy.upstream.UpstreamTls;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.resolver.DefaultAddressResolverGroup;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RelayHandlerTest {

  private static final String TEXT =
      "data: {\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"}}]}\n\n";
  private static final String FINISH =
      "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";
  private static final String DONE = "data: [DONE]\n\n";

  private final EmbeddedChannel client = new EmbeddedChannel();
  private final EmbeddedChannel upstream = new EmbeddedChannel();
  private final Exchange exchange = Samples.exchange(Samples.post("/v1/messages"), "chat", true);

  private final OnlyAttempt attempt = new OnlyAttempt(client);

  private RelayHandler begin(String connection) {
    return begin(connection, 200);
  }

  private RelayHandler begin(String connection, int status) {
    Target target = Samples.target("chat");
    exchange.translation(target.codec().open(exchange.facts(), "m", Long.MAX_VALUE));
    UpstreamPool pool =
        new UpstreamPool(
            upstream.eventLoop(),
            Transport.NIO,
            DefaultAddressResolverGroup.INSTANCE,
            new UpstreamTls());
    RelayHandler relay = new RelayHandler(client, exchange, target, pool, attempt);
    upstream.pipeline().addLast(relay);
    HttpResponse head = Samples.response(status);
    head.headers().set("content-type", "text/event-stream").set("connection", connection);
    upstream.writeInbound(head);
    return relay;
  }

  /** A close takes effect when all that was read has gone through the pipeline. */
  private static final class ClosingLater extends ChannelOutboundHandlerAdapter {

    @Override
    public void close(ChannelHandlerContext ctx, ChannelPromise promise) {}
  }

  @AfterEach
  void release() {
    if (upstream.pipeline().get(ClosingLater.class) != null) {
      upstream.pipeline().remove(ClosingLater.class);
    }
    upstream.finishAndReleaseAll();
    client.finishAndReleaseAll();
    exchange.release();
  }

  /** What the client has got since it was last asked; an end is a dot. */
  private String received() {
    StringBuilder text = new StringBuilder();
    for (Object msg; (msg = client.readOutbound()) != null; ) {
      text.append(
          switch (msg) {
            case LastHttpContent last -> ".";
            case HttpContent content -> Samples.take(content.content());
            default -> "";
          });
    }
    return text.toString();
  }

  @Test
  void anAnswerThatIsCompleteIsReadToItsEndEvenIfTheClientIsSlow() {
    begin("close");
    upstream.config().setAutoRead(false); // as the client's back-pressure does
    upstream.writeInbound(Samples.content(TEXT + FINISH + DONE));
    assertTrue(received().endsWith("message_stop\"}\n\n."));
    assertTrue(upstream.config().isAutoRead(), "or the connection would never be free again");
  }

  @ParameterizedTest
  @CsvSource({
    "200, text, cancelled, 0",
    "200, text, broken, 1",
    "200, text finish, ended, 1",
    "200, text finish, broken, 1",
    "200, text finish done, open, 1",
    "200, text finish done, broken, 1",
    "500, text, cancelled, 0",
    "500, text, ended, 1",
    "500, text, broken, 1",
  })
  void whoAskedHearsOnceThatItIsOver(int status, String body, String end, int times) {
    RelayHandler relay = begin("close", status);
    upstream.writeInbound(
        Samples.content(
            body.replace("text", TEXT).replace(" finish", FINISH).replace(" done", DONE)));
    switch (end) {
      case "ended" -> upstream.writeInbound(LastHttpContent.EMPTY_LAST_CONTENT);
      case "broken" -> upstream.close();
      case "cancelled" -> relay.cancel(upstream);
      default -> {}
    }
    assertEquals(times, attempt.overs().get());
    received();
    if (end.equals("broken") && !body.contains("finish")) {
      assertThrows(UpstreamException.class, client::checkException);
    }
  }

  @Test
  void anAnswerThatBreaksOffIsAFailureOfTheExchange() {
    begin("close");
    upstream.writeInbound(Samples.content(TEXT));
    upstream.close();
    assertFalse(received().contains("message_stop"));
    assertThrows(UpstreamException.class, client::checkException);
  }

  @Test
  void anUpstreamThatGoesOnAfterItsAnswerIsClosed() {
    begin("close");
    upstream.writeInbound(Samples.content(TEXT + FINISH + DONE));
    upstream.writeInbound(Samples.content("x".repeat(65_536)));
    assertTrue(upstream.isOpen());
    upstream.writeInbound(Samples.content("x"));
    assertFalse(upstream.isOpen());
  }

  @Test
  void whatComesAfterTheClientHasLeftIsDropped() {
    RelayHandler relay = begin("keep-alive");
    relay.requestWritten(true);
    upstream.pipeline().addFirst(new ClosingLater());
    relay.cancel(upstream);
    upstream.writeInbound(Samples.content(TEXT), LastHttpContent.EMPTY_LAST_CONTENT);
    assertEquals("", received());
    assertSame(relay, upstream.pipeline().last(), "a closed connection is not given to the pool");
  }
}
