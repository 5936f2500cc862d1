package dev.ccr.proxy.server;

import static dev.ccr.proxy.server.Samples.content;
import static dev.ccr.proxy.server.Samples.response;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ccr.proxy.model.ApiErrorType;
import dev.ccr.proxy.model.MalformedStreamException;
import dev.ccr.proxy.model.RequestException;
import dev.ccr.proxy.model.UpstreamException;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class ErrorReplyTest {

  record Case(Exception cause, int status, String type, String message) {}

  private final RequestLog log = Samples.log();
  private final EmbeddedChannel client = new EmbeddedChannel(new ErrorReply(log));

  @AfterEach
  void close() {
    client.finishAndReleaseAll();
  }

  static List<Case> failures() {
    return List.of(
        new Case(
            RequestException.invalid("a \"quoted\"\nline"),
            400,
            "invalid_request_error",
            "a \\\"quoted\\\"\\nline"),
        new Case(
            new RequestException(ApiErrorType.INVALID_REQUEST, 405, "method"),
            405,
            "invalid_request_error",
            "method"),
        new Case(
            new RequestException(ApiErrorType.REQUEST_TOO_LARGE, "body"),
            413,
            "request_too_large",
            "body"),
        new Case(UpstreamException.badGateway("refused"), 502, "api_error", "refused"),
        new Case(UpstreamException.timeout("silent"), 504, "timeout_error", "silent"),
        new Case(
            new UpstreamException(ApiErrorType.OVERLOADED, 529, "busy"),
            529,
            "overloaded_error",
            "busy"),
        new Case(new MalformedStreamException("not JSON"), 502, "api_error", "not JSON"));
  }

  private void fail(Throwable cause) {
    client.pipeline().fireExceptionCaught(cause);
  }

  private String error(String type, String message) {
    return "{\"type\":\"error\",\"error\":{\"type\":\"" + type + "\",\"message\":\"" + message
        + "\"},\"request_id\":\"" + log.requestId() + "\"}";
  }

  private void beginAnswer(String contentType) {
    HttpResponse head = response(200);
    head.headers().set("content-type", contentType);
    client.writeOutbound(head, content("part"));
    client.releaseOutbound();
  }

  @ParameterizedTest
  @MethodSource("failures")
  void beforeTheFirstByteAFailureIsAStatusAndJson(Case failure) {
    fail(failure.cause());
    FullHttpResponse response = client.readOutbound();
    assertEquals(failure.status(), response.status().code());
    assertEquals("application/json", response.headers().get("content-type"));
    assertEquals(response.content().readableBytes(), response.headers().getInt("content-length"));
    assertEquals(log.requestId(), response.headers().get("request-id"));
    assertEquals(error(failure.type(), failure.message()), Samples.take(response.content()));
    assertTrue(client.isOpen());
  }

  @Test
  void whoUsesAnotherMethodIsToldWhichIsAllowed() {
    fail(new RequestException(ApiErrorType.INVALID_REQUEST, 405, "method"));
    FullHttpResponse response = client.readOutbound();
    assertEquals("POST", response.headers().get("allow"));
    response.release();
  }

  @Test
  void requestIdsDiffer() {
    assertTrue(log.requestId().matches("req_[0-9a-f]{16}"), log.requestId());
    String first = log.requestId();
    log.begin(Samples.post("/"), 0);
    assertFalse(first.equals(log.requestId()));
  }

  @Test
  void anInterimAnswerIsNoByteOfTheAnswer() {
    client.writeOutbound(
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE, Unpooled.EMPTY_BUFFER));
    client.releaseOutbound();
    fail(RequestException.invalid("a"));
    FullHttpResponse response = client.readOutbound();
    assertEquals(400, response.status().code());
    response.release();
  }

  @Test
  void insideAnEventStreamAFailureIsAnEventThatEndsIt() {
    beginAnswer("text/event-stream; charset=utf-8");
    fail(UpstreamException.badGateway("it broke off"));
    HttpContent event = client.readOutbound();
    assertEquals(
        "event: error\ndata: " + error("api_error", "it broke off") + "\n\n",
        Samples.take(event.content()));
    assertSame(LastHttpContent.EMPTY_LAST_CONTENT, client.readOutbound());
    assertTrue(client.isOpen());
  }

  @Test
  void insideAnyOtherBodyAFailureBreaksTheConnection() {
    beginAnswer("application/json");
    fail(UpstreamException.badGateway("it broke off"));
    assertNull(client.readOutbound());
    assertFalse(client.isOpen());
  }

  @Test
  void afterACompleteAnswerTheNextRequestsFailureIsAStatusAgain() {
    beginAnswer("application/json");
    client.writeOutbound(LastHttpContent.EMPTY_LAST_CONTENT);
    client.releaseOutbound();
    fail(RequestException.invalid("a"));
    FullHttpResponse response = client.readOutbound();
    assertEquals(400, response.status().code());
    response.release();
  }

  static Stream<Throwable> bugs() {
    return Stream.of(
        new NullPointerException("secret"),
        new IllegalStateException("secret"),
        new StackOverflowError("secret"));
  }

  @ParameterizedTest
  @MethodSource("bugs")
  void aBugIsAnsweredWithoutItsDetails(Throwable bug) {
    fail(bug);
    FullHttpResponse response = client.readOutbound();
    assertEquals(500, response.status().code());
    assertEquals(
        error("api_error", "the router failed; its log says more under " + log.requestId()),
        Samples.take(response.content()));
  }

  static Stream<IOException> brokenConnections() {
    return Stream.of(new IOException("Connection reset by peer"), new ClosedChannelException());
  }

  @ParameterizedTest
  @MethodSource("brokenConnections")
  void aBrokenConnectionIsClosedWithoutAnAnswer(IOException cause) {
    fail(cause);
    assertNull(client.readOutbound());
    assertFalse(client.isOpen());
  }
}
