package dev.ccr.proxy.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.channel.ChannelOutboundHandler;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The way of the parts of a stream passes by stages: none of them may have to see a part. */
final class ShortWayTest {

  /**
   * Parts enter between {@link ClientTimeoutHandler} and {@link DrainHandler}. The three behind
   * that look at heads and ends only: whoever comes to stand with them has to be such a one.
   */
  @Test
  void everyStageThatCaresForPartsStandsInFrontOfWhereTheyEnter() {
    try (TestLine line = new TestLine(Samples.SNAPSHOT)) {
      List<Class<?>> outbound =
          line.stages().stream()
              .filter(ChannelOutboundHandler.class::isInstance)
              .<Class<?>>map(Object::getClass)
              .toList();
      int entry = outbound.indexOf(DrainHandler.class);
      assertEquals(
          List.of(AnswerBytesHandler.class, PipeliningHandler.class, ClientTimeoutHandler.class),
          outbound.subList(entry - 3, entry));
      assertEquals(
          List.of(DrainHandler.class, HeartbeatHandler.class, ErrorReply.class),
          outbound.subList(entry, outbound.size()));
    }
  }
}
