package dev.ccr.proxy.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ccr.proxy.model.Provider;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SnapshotTest {

  @Test
  void everyProviderHasATarget() {
    Snapshot snapshot = Samples.SNAPSHOT;
    assertEquals(2, snapshot.targets().size());
    snapshot
        .targets()
        .forEach((provider, target) -> assertEquals(target, snapshot.target(provider)));
  }

  @Test
  void aProviderOfAnotherConfigurationHasNone() {
    Provider stranger = new Provider("chat", URI.create("http://u"), List.of());
    assertThrows(
        IllegalArgumentException.class, () -> Samples.SNAPSHOT.target(stranger));
  }

  @Test
  void aRouterWithoutAKeyIsOpen() {
    assertTrue(Samples.snapshot("").keys().isOpen());
  }

  @Test
  void aRouterWithAKeyKnowsIt() {
    Snapshot locked = Samples.snapshot("secret");
    assertFalse(locked.keys().isOpen());
    assertTrue(locked.keys().contains("secret"));
  }
}
