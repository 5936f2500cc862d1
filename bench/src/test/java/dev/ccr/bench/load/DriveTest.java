package dev.ccr.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class DriveTest {

  private static final int SECONDS = 20;

  private final MultiThreadIoEventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
  private final EventLoop loop = loops.next();

  @AfterEach
  void end() {
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(SECONDS * 1_000L);
  }

  @ParameterizedTest
  @EnumSource(
      value = Answer.class,
      names = {"SHORT", "TEXT50", "TEXT200", "TOOLS200"})
  void wholeAnswersAreRight(Answer answer) throws Exception {
    try (Upstream upstream = Upstream.start(null, Reply::of)) {
      Drive drive = drive(upstream, answer, Drive.Again.AT_ONCE);
      drive.open(4, 0);
      drive.await(0, 40, SECONDS);
      Drive.Counts counts = drive.end(SECONDS);
      assertEquals(counts.answers() * answer.body().length, counts.bytes());
    }
  }

  @Test
  void eventsThatAreHeldUpAreSeenToBe() throws Exception {
    try (Upstream upstream = Upstream.start(null, Reply::of)) {
      Drive drive = drive(upstream, Answer.PACED50, Drive.Again.NEVER);
      drive.open(3, 0);
      drive.await(0, 3, SECONDS);
      assertEquals(3, drive.end(SECONDS).answers());
      Histogram delays = drive.takeDelays();
      assertEquals(3L * Answer.PACED50.deltas, delays.getTotalCount());
      assertTrue(delays.getMinValue() > 0, "the time of an event is before that of its arrival");
    }
  }

  @ParameterizedTest
  @EnumSource(Fault.class)
  void aBrokenStreamIsNoticed(Fault fault) throws Exception {
    try (Upstream upstream = Upstream.start(null, fault::reply)) {
      Drive drive = drive(upstream, Answer.TEXT200, Drive.Again.NEVER);
      drive.open(1, 0);
      IOException seen = assertThrows(IOException.class, () -> drive.await(0, 1, SECONDS));
      String told = String.valueOf(seen.getMessage());
      assertTrue(told.contains(fault.told), told);
    }
  }

  /** What upstreams may do to a stream. */
  enum Fault {
    AN_EVENT_DROPPED("other bytes than expected"),
    AN_EVENT_TWICE("other bytes than expected"),
    EVENTS_SWAPPED("other bytes than expected"),
    A_LETTER_CHANGED("other bytes than expected"),
    AN_END_TOO_EARLY("an end after"),
    A_CONNECTION_CUT("the connection ended"),
    AN_END_MISSING("the connection ended");

    private static final int EVENT = 77;

    private final String told;

    Fault(String told) {
      this.told = told;
    }

    Reply reply(Answer answer) {
      List<String> events = answer.events();
      if (answer == Answer.TEXT200) {
        change(events);
      }
      return new Reply(answer, events, this != A_CONNECTION_CUT && this != AN_END_MISSING);
    }

    private void change(List<String> events) {
      switch (this) {
        case AN_EVENT_DROPPED -> events.remove(EVENT);
        case AN_EVENT_TWICE -> events.add(EVENT, events.get(EVENT));
        case EVENTS_SWAPPED -> Collections.swap(events, EVENT, EVENT + 1);
        case A_LETTER_CHANGED -> events.set(EVENT, events.get(EVENT).replace("w0", "w1"));
        case AN_END_TOO_EARLY, A_CONNECTION_CUT -> events.subList(EVENT, events.size()).clear();
        case AN_END_MISSING -> {} // but for the last chunk
      }
    }
  }

  private Drive drive(Upstream upstream, Answer answer, Drive.Again again) {
    Way way = new Way(Way.Name.DIRECT, upstream.port(), 0);
    return new Drive(
        loop,
        upstream.port(),
        way.request(answer, Workload.Body.SMALL, false),
        new Template(answer.body()),
        again);
  }
}
