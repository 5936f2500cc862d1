package dev.ccr.proxy.upstream;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ccr.proxy.config.Defaults;
import dev.ccr.proxy.config.Limits;
import dev.ccr.proxy.model.ApiErrorType;
import dev.ccr.proxy.model.UpstreamException;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class UpstreamTimeoutHandlerTest {

  private static final Limits LIMITS = limits(600, 0);

  private final EmbeddedChannel upstream = new EmbeddedChannel();
  private final UpstreamTimeoutHandler clock =
      new UpstreamTimeoutHandler(new Origin(true, "u.example", 443), LIMITS);

  @BeforeEach
  void connect() {
    upstream.freezeTime();
    upstream.pipeline().addLast(clock);
  }

  @AfterEach
  void close() {
    upstream.finishAndReleaseAll();
  }

  private boolean isOpenAfter(long seconds) {
    upstream.advanceTimeBy(seconds, TimeUnit.SECONDS);
    upstream.runScheduledPendingTasks();
    return upstream.isOpen();
  }

  private void request() {
    upstream.writeOutbound(
        new DefaultFullHttpRequest(
            HttpVersion.HTTP_1_1, HttpMethod.POST, "/", Unpooled.EMPTY_BUFFER));
  }

  private void head(HttpResponseStatus status) {
    upstream.writeInbound(new DefaultHttpResponse(HttpVersion.HTTP_1_1, status));
  }

  private static HttpContent piece() {
    return new DefaultHttpContent(Unpooled.copiedBuffer(new byte[1]));
  }

  private void assertTimeout(String message) {
    assertFalse(upstream.isOpen());
    UpstreamException failure =
        assertThrows(UpstreamException.class, upstream::checkException);
    assertEquals(504, failure.status());
    assertEquals(ApiErrorType.TIMEOUT, failure.type());
    assertEquals(message, failure.getMessage());
  }

  @Test
  void anAnswerThatDoesNotBeginInTimeIsAFailure() {
    request();
    assertTrue(isOpenAfter(599));
    isOpenAfter(1);
    assertTimeout("upstream https://u.example: no answer within 600 s (API_TIMEOUT_MS)");
  }

  @Test
  void theFirstBytesTimeCountsFromTheEndOfTheRequest() {
    assertTrue(isOpenAfter(599));
    request();
    assertTrue(isOpenAfter(599));
    isOpenAfter(1);
    assertTimeout("upstream https://u.example: no answer within 600 s (API_TIMEOUT_MS)");
  }

  /** Keeps what is written, as a socket does whose peer does not read. */
  private static final class Stuck extends ChannelOutboundHandlerAdapter {

    private final List<ChannelPromise> promises = new ArrayList<>();

    @Override
    public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
      ReferenceCountUtil.release(msg);
      promises.add(promise);
    }
  }

  @Test
  void theFirstBytesTimeDoesNotRunWhileALargeRequestIsWritten() {
    Stuck stuck = new Stuck();
    upstream.pipeline().addFirst(stuck);
    request();
    assertTrue(isOpenAfter(599));
    stuck.promises.forEach(ChannelPromise::setSuccess);
    assertTrue(isOpenAfter(599));
    isOpenAfter(1);
    assertTimeout("upstream https://u.example: no answer within 600 s (API_TIMEOUT_MS)");
  }

  @Test
  void aRequestThatTheUpstreamDoesNotReadIsAFailureOfItsOwn() {
    Stuck stuck = new Stuck();
    upstream.pipeline().addFirst(stuck);
    request();
    assertTrue(isOpenAfter(599));
    isOpenAfter(1);
    assertTimeout(
        "upstream https://u.example: the request could not be sent within 600 s"
            + " (API_TIMEOUT_MS)");
  }

  @Test
  void anAnswerThatBeginsBeforeTheRequestIsWrittenIsBoundByItsSilence() {
    Stuck stuck = new Stuck();
    upstream.pipeline().addFirst(stuck);
    request();
    head(HttpResponseStatus.OK);
    stuck.promises.forEach(ChannelPromise::setSuccess);
    assertTrue(isOpenAfter(299));
    isOpenAfter(1);
    assertTimeout("upstream https://u.example: silent for 300 s (STREAM_IDLE_TIMEOUT_MS)");
  }

  @Test
  void timesThatAreNoWholeSecondsAreToldInMilliseconds() {
    clock.put();
    clock.take(LIMITS.toBuilder().firstByte(Duration.ofMillis(1_500)).build());
    request();
    isOpenAfter(2);
    assertTimeout("upstream https://u.example: no answer within 1500 ms (API_TIMEOUT_MS)");
  }

  @Test
  void anInterimAnswerIsNotTheFirstByte() {
    request();
    assertTrue(isOpenAfter(500));
    head(HttpResponseStatus.CONTINUE);
    assertTrue(isOpenAfter(99));
    isOpenAfter(1);
    assertTimeout("upstream https://u.example: no answer within 600 s (API_TIMEOUT_MS)");
  }

  @Test
  void aSilentAnswerIsAFailure() {
    request();
    head(HttpResponseStatus.OK);
    upstream.writeInbound(piece());
    assertTrue(isOpenAfter(299));
    isOpenAfter(1);
    assertTimeout("upstream https://u.example: silent for 300 s (STREAM_IDLE_TIMEOUT_MS)");
  }

  @Test
  void eachPieceOfAnAnswerStartsTheClockAnew() {
    request();
    head(HttpResponseStatus.OK);
    for (int i = 0; i < 10; i++) {
      assertTrue(isOpenAfter(299));
      upstream.writeInbound(piece());
    }
    assertDoesNotThrow(upstream::checkException);
  }

  @Test
  void anUpstreamThatIsNotReadSinceTheClientIsSlowIsNotSilent() {
    request();
    head(HttpResponseStatus.OK);
    upstream.config().setAutoRead(false);
    for (int i = 0; i < 10; i++) {
      assertTrue(isOpenAfter(300));
    }
    upstream.config().setAutoRead(true);
    assertTrue(isOpenAfter(299));
    isOpenAfter(1);
    assertTimeout("upstream https://u.example: silent for 300 s (STREAM_IDLE_TIMEOUT_MS)");
  }

  @Test
  void aPooledConnectionIsClosedAfterAWhileWithoutAFailure() {
    clock.put();
    assertTrue(isOpenAfter(54));
    assertFalse(isOpenAfter(1));
    assertDoesNotThrow(upstream::checkException);
  }

  @Test
  void aConnectionTakenFromThePoolIsNotClosedBeforeItsRequest() {
    clock.put();
    assertTrue(isOpenAfter(54));
    clock.take(LIMITS);
    assertTrue(isOpenAfter(2_000));
    assertDoesNotThrow(upstream::checkException);
  }

  @Test
  void aConnectionTakenFromThePoolGetsTheLimitsOfItsNextRequest() {
    clock.put();
    clock.take(limits(7, 0));
    upstream.writeOutbound(LastHttpContent.EMPTY_LAST_CONTENT);
    assertTrue(isOpenAfter(6));
    isOpenAfter(1);
    assertTimeout("upstream https://u.example: no answer within 7 s (API_TIMEOUT_MS)");
  }

  @Test
  void anAnswerThatKeepsComingIsBoundedAsAWholeIfThatIsAskedFor() {
    clock.put();
    clock.take(limits(600, 20));
    upstream.writeOutbound(LastHttpContent.EMPTY_LAST_CONTENT);
    for (int i = 0; i < 3; i++) {
      assertTrue(isOpenAfter(6));
      upstream.writeInbound(piece());
    }
    isOpenAfter(2);
    assertTimeout("upstream https://u.example: no whole answer within 20 s (TOTAL_TIMEOUT_MS)");
  }

  @Test
  void theBoundEndsWithItsExchange() {
    clock.put();
    clock.take(limits(600, 20));
    upstream.writeOutbound(LastHttpContent.EMPTY_LAST_CONTENT);
    clock.put();
    clock.take(LIMITS);
    upstream.writeOutbound(LastHttpContent.EMPTY_LAST_CONTENT);
    assertTrue(isOpenAfter(30));
    assertDoesNotThrow(upstream::checkException);
  }

  private static Limits limits(long firstByte, long total) {
    return Defaults.LIMITS
        .toBuilder()
        .firstByte(Duration.ofSeconds(firstByte))
        .streamIdle(Duration.ofSeconds(300))
        .total(Duration.ofSeconds(total))
        .upstreamKeepAlive(Duration.ofSeconds(55))
        .build();
  }

  @Test
  void whatComesOnAPooledConnectionClosesItAndGoesNoFurther() {
    HttpContent unasked = piece();
    clock.put();
    upstream.writeInbound(unasked);
    assertFalse(upstream.isOpen());
    assertNull(upstream.readInbound());
    assertEquals(0, unasked.refCnt());
    assertDoesNotThrow(upstream::checkException);
  }

  @ParameterizedTest
  @EnumSource(Use.class)
  void nothingIsPendingOnceTheConnectionIsClosed(Use use) {
    clock.put();
    if (use != Use.POOLED) {
      clock.take(limits(600, 900));
      request();
    }
    if (use == Use.INSIDE_ITS_ANSWER) {
      head(HttpResponseStatus.OK);
    }
    assertTrue(upstream.runScheduledPendingTasks() > 0, "a clock runs");
    upstream.pipeline().close(); // the channel's own method would cancel what is scheduled
    upstream.runPendingTasks();
    assertFalse(upstream.isOpen());
    assertEquals(-1, upstream.runScheduledPendingTasks());
  }

  /** What a connection may be in the midst of. */
  enum Use {
    POOLED,
    ASKED,
    INSIDE_ITS_ANSWER
  }
}
