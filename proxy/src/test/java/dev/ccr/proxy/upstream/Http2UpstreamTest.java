package dev.ccr.proxy.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ccr.proxy.config.Defaults;
import dev.ccr.proxy.config.Limits;
import dev.ccr.proxy.model.UpstreamException;
import dev.ccr.proxy.testing.Http2Peer;
import dev.ccr.proxy.upstream.Loopback.Answer;
import io.netty.channel.Channel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams of a pool, over real sockets and TLS. */
final class Http2UpstreamTest {

  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Limits LIMITS =
      Defaults.LIMITS.toBuilder().connect(PATIENCE).upstreamConnectionsPerOrigin(4).build();

  private Http2Peer peer;
  private Loopback pool;

  @BeforeEach
  void start() throws Exception {
    peer = Http2Peer.start(Http2Settings.defaultSettings());
    pool = new Loopback(Transport.best(), Http2Peer.trust(), LIMITS);
  }

  private void restart(Transport transport, Limits limits, Http2Settings settings)
      throws Exception {
    close();
    peer = Http2Peer.start(settings);
    pool = new Loopback(transport, Http2Peer.trust(), limits);
  }

  /** With a peer that takes so many streams. */
  private void restart(int streams) throws Exception {
    restart(
        Transport.best(), LIMITS, Http2Settings.defaultSettings().maxConcurrentStreams(streams));
  }

  @AfterEach
  void close() {
    pool.close();
    peer.close();
  }

  private Answer ask() throws Exception {
    return pool.begin(peer.origin(), pool.acquire(peer.origin()));
  }

  private String url() {
    return "upstream " + peer.origin();
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void aRequestAndItsAnswerGoThroughAStream(Transport transport) throws Exception {
    restart(transport, LIMITS, Http2Settings.defaultSettings());
    Answer answer = ask();
    Http2Peer.Request request = peer.next();
    assertEquals("POST", request.headers().method().toString());
    assertEquals("/", request.headers().path().toString());
    assertEquals("https", request.headers().scheme().toString());
    assertEquals(peer.origin().hostHeader(), request.headers().authority().toString());
    assertNull(request.headers().get("host"));
    request.headers(
        new DefaultHttp2Headers().status("200").add("content-type", "text/event-stream"), false);
    request.data("a", false).data("b", true);
    assertEquals("ab", answer.body());
    assertEquals("text/event-stream", answer.head().headers().get("content-type"));
    assertNull(answer.head().headers().get("x-http2-stream-id"), "the codec's own");
  }

  @Test
  void streamsShareAConnectionAndEndInAnyOrder() throws Exception {
    Answer first = ask();
    Http2Peer.Request firstRequest = peer.next();
    Answer second = ask();
    Http2Peer.Request secondRequest = peer.next();
    assertSame(firstRequest.ctx(), secondRequest.ctx());
    firstRequest.head("200", false).data("1", false);
    secondRequest.answer("2");
    assertEquals("2", second.body());
    firstRequest.data("1", true);
    assertEquals("11", first.body());
    assertFalse(UpstreamPool.wasUsed(first.channel()));
    assertTrue(UpstreamPool.wasUsed(second.channel()));
    assertEquals(1, peer.acceptedConnections());
  }

  @Test
  void aReleasedStreamIsClosedWithoutAResetAndTheConnectionIdles() throws Exception {
    Answer answer = ask();
    peer.next().answer("x");
    assertEquals("x", answer.body());
    pool.release(peer.origin(), answer.channel());
    assertTrue(answer.channel().closeFuture().await(PATIENCE.toMillis()));
    assertEquals(1, pool.idleConnections(peer.origin()));
    Answer cancelled = ask();
    peer.next();
    cancelled.channel().close();
    assertEquals(Http2Error.CANCEL.code(), peer.nextReset(), "the first reset there is");
    assertEquals(1, peer.acceptedConnections());
  }

  @Test
  void requestsThatComeTogetherShareTheFirstConnection() throws Exception {
    List<Future<Channel>> channels = pool.acquireAtOnce(peer.origin(), 10);
    for (Future<Channel> channel : channels) {
      pool.begin(peer.origin(), Loopback.got(channel));
      peer.next();
    }
    assertEquals(1, peer.acceptedConnections());
  }

  @Test
  void aPeerGetsNoMoreStreamsThanItTakes() throws Exception {
    restart(2);
    List<Answer> answers = new ArrayList<>();
    List<Http2Peer.Request> requests = new ArrayList<>();
    for (Future<Channel> channel : pool.acquireAtOnce(peer.origin(), 5)) {
      answers.add(pool.begin(peer.origin(), Loopback.got(channel)));
      requests.add(peer.next());
    }
    assertEquals(3, peer.acceptedConnections(), "two, two and one");
    requests.forEach(request -> request.answer("x"));
    for (Answer answer : answers) {
      assertEquals("x", answer.body());
    }
  }

  @Test
  void aStreamThatEndsMakesPlaceForOneThatWaits() throws Exception {
    restart(1);
    List<Http2Peer.Request> requests = new ArrayList<>();
    List<Future<Channel>> channels = pool.acquireAtOnce(peer.origin(), 6);
    List<Answer> answers = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      answers.add(pool.begin(peer.origin(), Loopback.got(channels.get(i))));
      requests.add(peer.next());
    }
    assertEquals(2, pool.waiting(peer.origin()));
    requests.get(2).answer("x"); // ends by itself
    pool.begin(peer.origin(), Loopback.got(channels.get(4)));
    peer.next();
    answers.get(0).channel().close(); // is cancelled
    pool.begin(peer.origin(), Loopback.got(channels.get(5)));
    peer.next();
    assertEquals(4, peer.acceptedConnections());
  }

  @Test
  void aPeerThatGoesAwayIsAskedNothingMoreAndFinishesWhatItBegan() throws Exception {
    Answer below = ask();
    Http2Peer.Request request = peer.next();
    Answer above = ask();
    peer.next();
    request.goAway();
    UpstreamException failure = assertInstanceOf(UpstreamException.class, above.failure());
    assertTrue(failure.isUnprocessed());
    assertEquals(
        url() + ": it closed the connection before it looked at the request",
        failure.getMessage());
    Answer next = ask();
    Http2Peer.Request elsewhere = peer.next();
    assertNotSame(request.ctx().channel(), elsewhere.ctx().channel());
    request.answer("whole");
    assertEquals("whole", below.body());
    assertTrue(below.channel().parent().closeFuture().await(PATIENCE.toMillis()), "it is empty");
    elsewhere.answer("x");
    assertEquals("x", next.body());
  }

  @Test
  void aPeerThatWillGoAwaySometimeFinishesAllThatItHas() throws Exception {
    Answer first = ask();
    Http2Peer.Request request = peer.next();
    request.goAway(Integer.MAX_VALUE).head("200", false).data("a", false);
    assertEquals("a", first.awaitPart());
    ask();
    assertNotSame(request.ctx().channel(), peer.next().ctx().channel());
    request.data("b", true);
    assertEquals("ab", first.body());
  }

  @Test
  void aRefusedStreamIsSafeToSendAgain() throws Exception {
    Answer answer = ask();
    peer.next().reset(Http2Error.REFUSED_STREAM);
    UpstreamException failure = assertInstanceOf(UpstreamException.class, answer.failure());
    assertTrue(failure.isUnprocessed());
    assertEquals(url() + ": it refused the stream", failure.getMessage());
  }

  @ParameterizedTest
  @CsvSource({"INTERNAL_ERROR", "CANCEL", "NO_ERROR", "ENHANCE_YOUR_CALM"})
  void aResetInsteadOfAnAnswerIsAFailure(Http2Error error) throws Exception {
    Answer answer = ask();
    peer.next().reset(error);
    UpstreamException failure = assertInstanceOf(UpstreamException.class, answer.failure());
    assertFalse(failure.isUnprocessed());
    assertEquals(502, failure.status());
    assertEquals(
        url() + ": it reset the stream without an answer: " + error, failure.getMessage());
  }

  @ParameterizedTest
  @CsvSource({"INTERNAL_ERROR", "CANCEL", "NO_ERROR", "REFUSED_STREAM"})
  void aResetInsideAnAnswerIsACutAndNeverAnEnd(Http2Error error) throws Exception {
    Answer answer = ask();
    peer.next().head("200", false).data("half", false).reset(error);
    assertInstanceOf(IOException.class, answer.failure());
    assertEquals("half", answer.soFar());
  }

  /** A peer that refuses a request for its length, say, wants no more of it. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aResetBehindAWholeAnswerIsNoFailureEvenIfTheAnswerWaitsToBeRead(boolean read)
      throws Exception {
    Channel channel = pool.acquire(peer.origin());
    channel.config().setAutoRead(read);
    Answer answer = pool.begin(peer.origin(), channel, 1 << 20); // more than its window
    peer.next().answer("whole").reset(Http2Error.NO_ERROR);
    Answer other = ask(); // what comes behind the reset has come with it
    peer.next().answer("x");
    assertEquals("x", other.body());
    channel.config().setAutoRead(true);
    assertEquals("whole", answer.body());
  }

  @Test
  void aConnectionThatBreaksCutsItsStreams() throws Exception {
    Answer begun = ask();
    Http2Peer.Request request = peer.next();
    Answer waiting = ask();
    peer.next();
    request.head("200", false).data("half", false);
    assertEquals("half", begun.awaitPart());
    request.hangUp();
    assertNull(begun.failure(), "closed");
    assertNull(waiting.failure(), "closed");
    assertEquals("half", begun.soFar());
    ask();
    peer.next();
    assertEquals(2, peer.acceptedConnections());
  }

  @Test
  void streamsThatNobodyReadsStopNoOther() throws Exception {
    byte[] much = new byte[1 << 20];
    List<Answer> unread = new ArrayList<>();
    List<Http2Peer.Request> floods = new ArrayList<>();
    for (int i = 0; i < 20; i++) { // their windows are more than that of the connection
      Channel slow = pool.acquire(peer.origin());
      slow.config().setAutoRead(false);
      unread.add(pool.begin(peer.origin(), slow));
      floods.add(peer.next().head("200", false).data(much, true));
    }
    for (int i = 0; i < 3; i++) {
      Answer other = ask();
      peer.next().head("200", false).data(much, true);
      assertEquals(much.length, other.body().length());
    }
    for (int i = 0; i < unread.size(); i++) {
      assertEquals("", unread.get(i).soFar());
      assertEquals(0, floods.get(i).window(), "it was not read on for it");
    }
    unread.getFirst().channel().config().setAutoRead(true);
    assertEquals(much.length, unread.getFirst().body().length());
    assertEquals(1, peer.acceptedConnections());
    for (Answer answer : unread) { // gives up what waits to be read
      assertTrue(answer.channel().close().await(PATIENCE.toMillis()));
    }
  }

  @Test
  void interimAnswersAndTrailersAreNoEnds() throws Exception {
    Answer answer = ask();
    Http2Peer.Request request = peer.next().head("100", false).head("103", false);
    request.head("200", false).data("a", false);
    request.headers(new DefaultHttp2Headers().add("x-checksum", "1"), true);
    assertEquals("a", answer.body());
    assertEquals(200, answer.head().status().code());
  }

  @ParameterizedTest
  @CsvSource({"101, ''", "200, 3", "abc, ''"})
  void anAnswerThatIsNotHttpIsAFailure(String status, String length) throws Exception {
    Answer answer = ask();
    DefaultHttp2Headers headers = new DefaultHttp2Headers(false);
    headers.status(status);
    if (!length.isEmpty()) {
      headers.add("content-length", length);
    }
    peer.next().headers(headers, false).data("four", true);
    Throwable failure = answer.failure();
    assertTrue(
        failure instanceof UpstreamException
            || failure instanceof DecoderException,
        String.valueOf(failure));
    Answer other = ask();
    peer.next().answer("x");
    assertEquals("x", other.body(), "it is one stream's");
    assertEquals(1, peer.acceptedConnections());
  }

  @Test
  void aSecondTryGetsAConnectionOfItsOwn() throws Exception {
    Answer first = ask();
    peer.next();
    Answer second = pool.begin(peer.origin(), pool.acquireNew(peer.origin()));
    peer.next().answer("x");
    assertEquals("x", second.body());
    assertNotSame(first.channel().parent(), second.channel().parent());
    assertFalse(UpstreamPool.wasUsed(second.channel()));
    assertEquals(2, peer.acceptedConnections());
  }

  @Test
  void aLoopThatWaitsGetsThePlaceOfAConnectionWhoseStreamsHaveEnded() throws Exception {
    Limits one = LIMITS.toBuilder().upstreamConnectionsPerOrigin(1).build();
    ConnectionBudget budget = new ConnectionBudget();
    try (Loopback first = new Loopback(Transport.best(), Http2Peer.trust(), one, budget);
        Loopback second = new Loopback(Transport.best(), Http2Peer.trust(), one, budget)) {
      Answer answer = first.begin(peer.origin(), first.acquire(peer.origin()));
      Http2Peer.Request request = peer.next();
      Future<Channel> waiting = second.request(peer.origin());
      assertFalse(waiting.isDone());
      request.answer("x");
      assertEquals("x", answer.body());
      second.begin(peer.origin(), Loopback.got(waiting));
      peer.next().answer("y");
      assertEquals(2, peer.acceptedConnections());
    }
  }

  @Test
  void aPeerThatTakesNoRequestsIsNotConnectedToOverAndOver() throws Exception {
    restart(
        Transport.best(),
        LIMITS.toBuilder().connect(Duration.ofSeconds(1)).build(),
        Http2Settings.defaultSettings().maxConcurrentStreams(0));
    List<Future<Channel>> channels = pool.acquireAtOnce(peer.origin(), 3);
    Loopback.got(channels.get(0)); // given before the peer has said so
    UpstreamException failure =
        assertThrows(UpstreamException.class, () -> Loopback.got(channels.get(1)));
    assertEquals(
        url() + ": no free connection within 1 s, 1 in use", failure.getMessage());
    assertEquals(1, peer.acceptedConnections());
  }
}
