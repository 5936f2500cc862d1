package dev.ccr.proxy.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class SparesTest {

  private final Spares<Object> spares = new Spares<>(Object::new);

  @Test
  void nobodyHasWhatAnotherHas() {
    List<Object> taken = Stream.generate(spares::take).limit(6).toList();
    assertEquals(6, taken.stream().distinct().count());
  }

  @Test
  void whatIsGivenBackIsTakenAgain() {
    Object first = spares.take();
    assertTrue(spares.give(first));
    assertSame(first, spares.take());
    assertNotSame(first, spares.take());
  }

  @Test
  void aFewAreEnough() {
    for (int i = 0; i < 2; i++) {
      assertTrue(spares.give(new Object()));
    }
    assertFalse(spares.give(new Object()));
  }

  @Test
  void eachThreadHasItsOwn() throws Exception {
    Object ofThis = spares.take();
    spares.give(ofThis);
    assertNotSame(ofThis, CompletableFuture.supplyAsync(spares::take).get());
    assertSame(ofThis, spares.take());
  }
}
