package dev.ccr.proxy.mock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A client that does not read stops the mock. */
final class BackPressureTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  /** More than the kernel's buffers of both ends ever hold. */
  private static final int TOTAL = 32 * 1024 * 1024;

  private static final int SMALL_BUFFER = 16 * 1024;

  @ParameterizedTest
  @ValueSource(ints = {4096, TOTAL})
  void stallsWellBelowTheTotalAndGoesOn(int size) throws Exception {
    Reply reply =
        Reply.status(200)
            .header("content-length", Integer.toString(TOTAL))
            .cut(new byte[TOTAL], size)
            .end();
    MockUpstream mock = MockUpstream.start(request -> reply);
    try (mock;
        RawClient client = new RawClient(mock, SMALL_BUFFER).send(RawClient.GET)) {
      client.readUntil("\r\n\r\n");
      mock.awaitStalled(1, SOON);
      assertTrue(mock.bytesSent() < TOTAL / 2, "sent: " + mock.bytesSent());
      client.skip(TOTAL);
    }
    assertEquals(TOTAL, mock.bytesSent());
  }

  @Test
  void oneLargeChunkIsWrittenInPieces() throws Exception {
    Reply reply = Reply.status(200).chunk(new byte[TOTAL]).end();
    MockUpstream mock = MockUpstream.start(request -> reply);
    try (mock;
        RawClient client = new RawClient(mock, SMALL_BUFFER).send(RawClient.GET)) {
      client.readUntil("\r\n\r\n");
      mock.awaitStalled(1, SOON);
      assertTrue(mock.bytesSent() < TOTAL / 2, "sent: " + mock.bytesSent());
      client.readUntil("\r\n");
      client.skip(TOTAL);
      assertEquals("\r\n0\r\n\r\n", client.readUntil("\r\n0\r\n\r\n"));
    }
    assertEquals(TOTAL, mock.bytesSent());
  }

  @Test
  void endlessReplyObeysTheReader() throws Exception {
    Reply reply = Reply.sse().endless("data: again\n\n");
    try (MockUpstream mock = MockUpstream.start(request -> reply)) {
      try (RawClient slow = new RawClient(mock, SMALL_BUFFER).send(RawClient.GET);
          RawClient other = new RawClient(mock).send(RawClient.GET)) {
        mock.awaitStalled(1, SOON);
        slow.readUntil("data: again\n\n");
        slow.skip(TOTAL / 4);
        other.readUntil("data: again\n\n"); // the loop serves both
        mock.awaitStalled(2, SOON);
      }
      mock.awaitConnections(0, SOON);
      assertEquals(0, mock.stalledConnections());
    }
  }
}
