package dev.ccr.proxy.testing;

import static org.junit.jupiter.api.Assertions.assertThrows;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.LeakPresenceDetector;
import org.junit.jupiter.api.Test;

final class LeakCheckTest {

  @Test
  void aBufferThatIsNotReleasedIsFound() {
    ByteBuf buffer = ByteBufAllocator.DEFAULT.buffer();
    assertThrows(IllegalStateException.class, LeakPresenceDetector::check);
    buffer.release();
    LeakCheck.check();
  }
}
