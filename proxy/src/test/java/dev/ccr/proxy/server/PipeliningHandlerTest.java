package dev.ccr.proxy.server;

import static dev.ccr.proxy.server.Samples.content;
import static dev.ccr.proxy.server.Samples.post;
import static dev.ccr.proxy.server.Samples.response;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ccr.proxy.metrics.Metrics;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PipeliningHandlerTest {

  private static final LastHttpContent END = LastHttpContent.EMPTY_LAST_CONTENT;
  private static final byte[] MEBIBYTE = new byte[1 << 20];
  private static final int DROPPED_MEBIBYTES = 64;

  private final EmbeddedChannel client =
      new EmbeddedChannel(new PipeliningHandler(new RequestLog(new Metrics())));

  /** What the next handler has got since it was last asked: URIs, bodies, and a dot for an end. */
  private String passed() {
    StringBuilder passed = new StringBuilder();
    for (Object msg; (msg = client.readInbound()) != null; ) {
      passed.append(
          switch (msg) {
            case HttpRequest request -> request.uri();
            case LastHttpContent last -> ".";
            case HttpContent content -> Samples.take(content.content());
            default -> msg.toString();
          });
    }
    return passed.toString();
  }

  private void answer() {
    client.writeOutbound(response(200), END);
    client.releaseOutbound();
  }

  @Test
  void aRequestPassesAsItComes() {
    client.writeInbound(post("/1"), content("body"));
    assertEquals("/1body", passed());
    client.writeInbound(END);
    assertEquals(".", passed());
    assertFalse(client.finish());
  }

  @Test
  void aRequestSentAheadWaitsForTheAnswerBeforeIt() {
    client.writeInbound(post("/1"), END, post("/2"), content("body"), END);
    assertEquals("/1.", passed());
    client.writeOutbound(response(200));
    assertEquals("", passed(), "half an answer must not let the next request pass");
    client.writeOutbound(END);
    assertEquals("/2body.", passed());
    client.finishAndReleaseAll();
  }

  @Test
  void whatIsDroppedBehindTheLastAnswerIsBoundedToo() {
    HttpRequest last = post("/1");
    HttpUtil.setKeepAlive(last, false);
    client.writeInbound(last, END);
    answer();
    for (int i = 0; i < DROPPED_MEBIBYTES; i++) {
      client.writeInbound(new DefaultHttpContent(Unpooled.wrappedBuffer(MEBIBYTE)));
      assertTrue(client.isOpen());
    }
    client.writeInbound(content("one more"));
    assertFalse(client.isOpen());
    client.finishAndReleaseAll();
  }

  @Test
  void whatIsReadAheadIsBoundedByOneRead() {
    client.writeInbound(post("/1"), END, post("/2"), END);
    assertFalse(client.config().isAutoRead());
    answer();
    assertTrue(client.config().isAutoRead(), "nothing waits any more");
    client.finishAndReleaseAll();
  }

  @Test
  void theBodyOfAWaitingRequestWaitsWithIt() {
    client.writeInbound(post("/1"), END, post("/2"), content("a"));
    client.writeInbound(content("b"));
    assertEquals("/1.", passed());
    answer();
    assertEquals("/2ab", passed());
    client.writeInbound(END);
    assertEquals(".", passed());
    client.finishAndReleaseAll();
  }

  @Test
  void requestsSentAheadAreAnsweredInTheirOrder() {
    EmbeddedChannel answering =
        new EmbeddedChannel(
            new PipeliningHandler(new RequestLog(new Metrics())),
            new ChannelInboundHandlerAdapter() {
              private String uri = "";

              @Override
              public void channelRead(ChannelHandlerContext ctx, Object msg) {
                if (msg instanceof HttpRequest request) {
                  uri = request.uri();
                }
                if (msg instanceof LastHttpContent) {
                  HttpResponse response = response(200);
                  response.headers().set("answer", uri);
                  ctx.write(response);
                  ctx.writeAndFlush(END);
                }
              }
            });
    answering.writeInbound(post("/1"), END, post("/2"), END, post("/3"), END);
    assertEquals(
        "/1 /2 /3",
        answering.outboundMessages().stream()
            .filter(HttpResponse.class::isInstance)
            .map(msg -> ((HttpResponse) msg).headers().get("answer"))
            .collect(Collectors.joining(" ")));
    answering.finishAndReleaseAll();
  }

  @Test
  void theRestOfARequestThatWasAnsweredEarlyIsDropped() {
    client.writeInbound(post("/1"), content("a"));
    answer();
    assertEquals("/1a", passed());
    client.writeInbound(content("b"), END, post("/2"), END);
    assertEquals("/2.", passed());
    client.finishAndReleaseAll();
  }

  @Test
  void aRequestSentAheadCanBeAnsweredEarlyToo() {
    client.writeInbound(post("/1"), END, post("/2"), content("a"));
    answer();
    assertEquals("/1./2a", passed());
    answer();
    client.writeInbound(content("b"), END, post("/3"), END);
    assertEquals("/3.", passed());
    client.finishAndReleaseAll();
  }

  @Test
  void tooMuchOfSuchARestClosesTheConnection() {
    client.writeInbound(post("/1"));
    answer();
    writeMebibytes();
    assertTrue(client.isOpen());
    client.writeInbound(content("x"));
    assertFalse(client.isOpen());
    client.finishAndReleaseAll();
  }

  @Test
  void theLimitToSuchARestCountsAnewForEachRequest() {
    for (int i = 0; i < 2; i++) {
      client.writeInbound(post("/"));
      answer();
      writeMebibytes();
      client.writeInbound(END);
    }
    assertTrue(client.isOpen());
    client.finishAndReleaseAll();
  }

  private void writeMebibytes() {
    for (int i = 0; i < DROPPED_MEBIBYTES; i++) {
      client.writeInbound(new DefaultHttpContent(Unpooled.wrappedBuffer(MEBIBYTE)));
    }
  }

  @Test
  void aMalformedRestClosesTheConnectionSinceNothingBehindItCanBeRead() {
    client.writeInbound(post("/1"));
    answer();
    DefaultLastHttpContent malformed = new DefaultLastHttpContent(Unpooled.buffer(0));
    malformed.setDecoderResult(DecoderResult.failure(new IllegalArgumentException("chunk")));
    client.writeInbound(malformed);
    assertFalse(client.isOpen());
    client.finishAndReleaseAll();
  }

  @Test
  void waitingMessagesAreReleasedWhenTheClientLeaves() {
    HttpContent waiting = content("body");
    client.writeInbound(post("/1"), END, post("/2"), waiting);
    client.close();
    assertEquals(0, waiting.refCnt());
    assertEquals("/1.", passed());
    client.finishAndReleaseAll();
  }

  @Test
  void anInterimAnswerIsNotTheAnswer() {
    client.writeInbound(post("/1"));
    client.writeOutbound(
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE, Unpooled.EMPTY_BUFFER));
    client.writeInbound(content("body"), END, post("/2"));
    assertEquals("/1body.", passed());
    client.finishAndReleaseAll();
  }

  @ParameterizedTest(name = "given leave: {0}")
  @ValueSource(booleans = {true, false})
  void whoIsAnsweredInsteadOfGivenLeaveToSendItsBodyIsToldThatTheConnectionCloses(boolean leave) {
    HttpRequest request = post("/");
    request.headers().set("expect", "100-continue");
    client.writeInbound(request);
    if (leave) {
      client.writeOutbound(
          new DefaultFullHttpResponse(
              HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE, Unpooled.EMPTY_BUFFER));
    }
    HttpResponse refusal = response(413);
    client.writeOutbound(refusal, END);
    assertEquals(!leave, refusal.headers().contains("connection", "close", true));
    client.finishAndReleaseAll();
  }
}
