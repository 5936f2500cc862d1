package dev.ccr.proxy.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ccr.proxy.config.Liveness;
import dev.ccr.proxy.sse.SseScanner;
import dev.ccr.proxy.testing.Chat;
import dev.ccr.proxy.testing.Fixture;
import dev.ccr.proxy.upstream.Transport;
import dev.ccr.proxy.upstream.UpstreamPool;
import dev.ccr.proxy.upstream.UpstreamTls;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.resolver.DefaultAddressResolverGroup;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client hears while its upstream says nothing. */
final class HeartbeatHandlerTest {

  private static final String PING = "event: ping\ndata: {\"type\":\"ping\"}\n\n";
  private static final String COMMENT = ": waiting\n\n";
  private static final Liveness PINGS = liveness(15, 0);
  private static final Liveness COMMENTS = liveness(15, 10);

  private EmbeddedChannel client = new EmbeddedChannel();
  private EmbeddedChannel upstream = new EmbeddedChannel();
  private Exchange exchange = Samples.exchange(Samples.post("/v1/messages"), "chat", true);

  private static Liveness liveness(long ping, long comments) {
    return new Liveness(
        Duration.ofSeconds(ping), Duration.ofSeconds(comments), Duration.ZERO, Duration.ZERO);
  }

  /** A client waits for an answer that an upstream has not begun. */
  private void begin(String provider, boolean stream, Liveness liveness) {
    release();
    exchange =
        Samples.exchange(
            Samples.snapshotWith(liveness), Samples.post("/v1/messages"), provider, stream);
    client = new EmbeddedChannel(new HeartbeatHandler(), new ErrorReply(exchange.log()));
    upstream = new EmbeddedChannel();
    client.freezeTime();
    client.writeInbound(exchange);
    assertEquals(exchange, client.readInbound());
    Target target = exchange.snapshot().target(exchange.route().provider());
    exchange.translation(target.codec().open(exchange.facts(), "m", Long.MAX_VALUE));
    UpstreamPool pool =
        new UpstreamPool(
            upstream.eventLoop(),
            Transport.NIO,
            DefaultAddressResolverGroup.INSTANCE,
            new UpstreamTls());
    upstream
        .pipeline()
        .addLast(new RelayHandler(client, exchange, target, pool, new OnlyAttempt(client)));
  }

  private void head(int status, String type) {
    HttpResponse head = Samples.response(status);
    head.headers().set("content-type", type).set("connection", "close");
    upstream.writeInbound(head);
  }

  private void body(String text) {
    upstream.writeInbound(Samples.content(text));
  }

  /** What the client has got since it was last asked, in that many seconds more; a dot ends it. */
  private String after(long seconds) {
    client.advanceTimeBy(seconds, TimeUnit.SECONDS);
    client.runScheduledPendingTasks();
    StringBuilder text = new StringBuilder();
    for (Object msg; (msg = client.readOutbound()) != null; ) {
      text.append(
          switch (msg) {
            case HttpResponse head when !(head instanceof HttpContent) ->
                head.status().code() + " ";
            case HttpContent content -> Samples.take(content.content());
            default -> "";
          });
      text.append(msg instanceof LastHttpContent ? "." : "");
    }
    return text.toString();
  }

  @AfterEach
  void release() {
    upstream.finishAndReleaseAll();
    client.finishAndReleaseAll();
    exchange.release();
  }

  @Test
  void aStreamGetsAPingAfterEachSilence() {
    begin("chat", true, PINGS);
    head(200, "text/event-stream");
    body(Chat.text("a"));
    assertTrue(after(14).contains("message_start"));
    assertEquals(PING, after(1));
    assertEquals("", after(14));
    assertEquals(PING, after(1));
    assertEquals("", after(10));
    body(Chat.text("b"));
    assertTrue(after(14).contains("\"b\""), "the clock starts anew with each event");
    assertEquals(PING, after(1));
  }

  @Test
  void anUpstreamThatOnlyCommentsIsSilentForTheClient() {
    begin("chat", true, PINGS);
    head(200, "text/event-stream");
    body(Chat.text("a"));
    after(10);
    body(": OPENROUTER PROCESSING\n\n");
    assertEquals(PING, after(5));
  }

  @Test
  void thereIsNoPingBeforeTheMessageBeginsNorAfterItsEnd() {
    for (String provider : List.of("chat", "claude")) {
      begin(provider, true, PINGS);
      assertEquals("", after(60));
      head(200, "text/event-stream");
      assertEquals("", after(60));
    }
    body("event: message_start\ndata: {\"type\":\"message_start\",\"message\":{}}\n\n");
    body("event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n");
    assertTrue(after(0).contains("message_stop"));
    assertEquals("", after(60), "the upstream has not ended its body yet");
    upstream.writeInbound(LastHttpContent.EMPTY_LAST_CONTENT);
    assertEquals(".", after(60));
    assertEquals(-1, client.runScheduledPendingTasks(), "no timer is left");
  }

  @Test
  void nothingIsPendingOnceTheClientHasLeft() {
    begin("chat", true, COMMENTS);
    upstream.pipeline().get(RelayHandler.class).cancel(upstream);
    client.close();
    assertEquals(-1, client.runScheduledPendingTasks());
  }

  @ParameterizedTest
  @ValueSource(strings = {"a message in one", "zero", "an error", "a slow client"})
  void somebodyElseGetsNone(String who) {
    begin("claude", !who.contains("in one"), who.equals("zero") ? liveness(0, 0) : PINGS);
    head(who.equals("an error") ? 500 : 200, "text/event-stream");
    body("event: message_start\ndata: {\"type\":\"message_start\",\"message\":{}}\n\n");
    after(0);
    if (who.equals("a slow client")) {
      client.unsafe().outboundBuffer().setUserDefinedWritability(1, false);
    }
    assertEquals("", after(60));
    if (who.equals("a slow client")) {
      client.unsafe().outboundBuffer().setUserDefinedWritability(1, true);
      assertEquals(PING, after(15), "one, however long it was slow");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r\n", "\r"})
  void whereverTheUpstreamPausesAPingStandsBetweenWholeEvents(String lineEnd) throws Exception {
    String body =
        new String(new Fixture("anthropic", "stream").upstreamAnswer(), StandardCharsets.UTF_8)
            .replace("\n", lineEnd);
    List<String> events = events(body);
    int start = body.indexOf("content_block_start");
    int end = start + 400; // two ends of events
    for (int cut = start; cut < end; cut++) {
      begin("claude", true, PINGS);
      head(200, "text/event-stream");
      body(body.substring(0, cut));
      String before = after(0);
      assertEquals(PING, after(15), "cut at " + cut);
      body(body.substring(cut));
      String all = before + PING + after(0);
      assertEquals("200 " + body, all.replace(PING, ""), "cut at " + cut);
      List<String> seen = events(all.substring("200 ".length()));
      assertTrue(seen.remove("{\"type\":\"ping\"}"), "cut at " + cut);
      assertEquals(events, seen, "cut at " + cut);
    }
  }

  @Test
  void aClientThatWaitsForAStreamGetsCommentsIfThatIsAskedFor() {
    begin("chat", true, COMMENTS);
    assertEquals("", after(9));
    assertEquals("200 " + COMMENT, after(1));
    assertEquals(COMMENT, after(10));
    head(200, "text/event-stream");
    assertEquals(COMMENT, after(10), "an upstream's head is no event yet");
    body(Chat.text("a"));
    assertTrue(after(0).startsWith("event: message_start"), "one head is enough");
    assertEquals(PING, after(15));
    body(Chat.STOP + Chat.DONE);
    assertTrue(after(60).endsWith("message_stop\"}\n\n."));
  }

  @Test
  void noCommentTakesTheStatusWhileAnotherUpstreamMayBeAsked() {
    begin("chat", true, COMMENTS);
    exchange.holdStatus(true);
    assertEquals("", after(60));
    assertFalse(exchange.isCommitted());
    exchange.holdStatus(false);
    assertEquals("200 " + COMMENT, after(10));
    assertTrue(exchange.isCommitted());
  }

  @Test
  void aClientThatWantsOneMessageGetsNoComments() {
    begin("chat", false, COMMENTS);
    assertEquals("", after(60));
  }

  @Test
  void anErrorAfterAnEarlyCommentIsAnEvent() {
    begin("chat", true, COMMENTS);
    after(10);
    head(429, "application/json");
    body("{\"error\":{\"message\":\"slow down\"}}");
    upstream.writeInbound(LastHttpContent.EMPTY_LAST_CONTENT);
    String end = after(60);
    assertTrue(
        end.startsWith(
            "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"rate_limit_error\","
                + "\"message\":\"upstream https://chat.example answered 429:"
                + " {\\\"error\\\":{\\\"message\\\":\\\"slow down\\\"}}\""),
        end);
    assertTrue(end.endsWith("\n\n."), end);
  }

  @Test
  void aMessageInOneAfterAnEarlyCommentIsAnErrorWhereItCannotBeTranslated() {
    begin("claude", true, COMMENTS);
    after(10);
    head(200, "application/json");
    assertTrue(after(0).startsWith("event: error\n"));
  }

  @Test
  void aMessageInOneAfterAnEarlyCommentIsAStreamWhereItIsTranslated() {
    begin("chat", true, COMMENTS);
    after(10);
    head(200, "application/json");
    body("{\"choices\":[{\"message\":{\"content\":\"a\"},\"finish_reason\":\"stop\"}]}");
    String end = after(0);
    assertTrue(end.startsWith("event: message_start\n"), end);
    assertTrue(end.endsWith("message_stop\"}\n\n."), end);
  }

  private static List<String> events(String stream) throws Exception {
    List<String> events = new ArrayList<>();
    StringBuilder data = new StringBuilder();
    ByteBuf bytes = Unpooled.copiedBuffer(stream, StandardCharsets.UTF_8);
    new SseScanner(1 << 20)
        .scan(
            bytes,
            new SseScanner.Sink() {
              @Override
              public void data(ByteBuf in, int start, int end) {
                data.append(in.toString(start, end - start, StandardCharsets.UTF_8));
              }

              @Override
              public void lineFeed() {
                data.append('\n');
              }

              @Override
              public void eventEnd() {
                events.add(data.toString());
                data.setLength(0);
              }
            });
    bytes.release();
    return events;
  }
}
