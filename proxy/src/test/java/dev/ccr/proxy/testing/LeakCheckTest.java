package dev.ccr.proxy.testing;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

final class LeakCheckTest {

  @Test
  void aBufferThatIsNotReleasedIsFoundHoweverLongOneWaits() {
    ByteBuf leaked = ByteBufAllocator.DEFAULT.heapBuffer();
    assertThrows(IllegalStateException.class, () -> LeakCheck.check(20_000_000));
    assertEquals(1, leaked.refCnt(), "given up: it is forgotten, not released");
    assertDoesNotThrow(() -> LeakCheck.check(), "the next test is judged by itself");
  }

  @Test
  void aBufferThatAnotherThreadReleasesInAMomentIsNoLeak() throws InterruptedException {
    ByteBuf buffer = ByteBufAllocator.DEFAULT.directBuffer();
    CountDownLatch started = new CountDownLatch(1);
    Thread closing =
        new Thread(
            () -> {
              started.countDown();
              buffer.release();
            });
    closing.start();
    started.await();
    assertDoesNotThrow(() -> LeakCheck.check());
    closing.join();
  }
}
