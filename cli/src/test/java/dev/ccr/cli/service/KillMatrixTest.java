package dev.ccr.cli.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever is killed, and whenever: nothing stays behind that stands in the way of the next one. */
final class KillMatrixTest {

  @TempDir private Path folder = Path.of("unset");

  @BeforeEach
  void signals() {
    assumeFalse(System.getProperty("os.name", "").startsWith("Windows"), "no shell there");
  }

  /** What can be seen of a start on its way, in that order. */
  @ParameterizedTest
  @ValueSource(strings = {"nothing", "start.lock", "start.out", "lock", "socket", "claude"})
  void aClientIsKilledWhileItStarts(String moment) throws Exception {
    try (Home home = new Home(folder)) {
      Home.Client client = home.ccr("code");
      switch (moment) {
        case "nothing" -> assertTrue(client.process().isAlive());
        case "claude" -> client.claude();
        default -> Home.await(moment, () -> Files.exists(file(home, moment)));
      }
      client.kill();
      leavesNothing(home);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"lock", "socket"})
  void aServiceIsKilledWhileItStarts(String moment) throws Exception {
    try (Home home = new Home(folder)) {
      Home.Client client = home.ccr("code");
      Home.await(moment, () -> Files.exists(file(home, moment)));
      Home.await(
          "what it says of itself",
          () -> ServiceInfo.read(home.run().lock(home.port())) != null);
      ServiceInfo written = ServiceInfo.read(home.run().lock(home.port()));
      assertNotNull(written);
      written.process().ifPresent(ProcessHandle::destroyForcibly);
      client.end(); // it may have got another router, or say why not
      leavesNothing(home);
    }
  }

  @Test
  void aServiceOutlivesAKilledClientUntilItsClaudeHasEnded() throws Exception {
    try (Home home = new Home(folder)) {
      Home.Client client = home.ccr("code");
      ProcessHandle claude = client.claude();
      Home.await("it to be known", () -> users(home).equals(String.valueOf(claude.pid())));
      ServiceInfo service = home.service();
      assertNotNull(service);
      ProcessHandle router = service.process().orElseThrow();

      client.kill();
      assertTrue(claude.isAlive(), "nobody has killed it");
      Home.Client other = home.ccr("code"); // its lease comes and goes meanwhile
      other.claude();
      assertEquals(5, other.end());
      assertTrue(router.isAlive(), "somebody still uses it");

      claude.destroy();
      leavesNothing(home);
    }
  }

  @Test
  void aKilledServiceIsStartedAgainForItsClient() throws Exception {
    try (Home home = new Home(folder)) {
      Home.Client client = home.ccr("code");
      ProcessHandle claude = client.claude();
      ServiceInfo first = home.service();
      assertNotNull(first);
      first.process().orElseThrow().destroyForcibly();
      Home.await("another router", () -> home.service() != null);
      ServiceInfo second = home.service();
      assertNotNull(second);
      assertNotEquals(first.get(ServiceInfo.PID), second.get(ServiceInfo.PID));
      assertTrue(claude.isAlive(), "it has not noticed");
      Home.await("its lease", () -> leases(home) == 1);
      assertEquals(5, client.end());
      leavesNothing(home);
    }
  }

  @Test
  void bothAreKilled() throws Exception {
    try (Home home = new Home(folder)) {
      Home.Client client = home.ccr("code");
      ProcessHandle claude = client.claude();
      ServiceInfo service = home.service();
      assertNotNull(service);
      client.kill();
      service.process().orElseThrow().destroyForcibly();
      claude.destroyForcibly();
      leavesNothing(home);
    }
  }

  private static long leases(Home home) throws Exception {
    ServiceInfo service = home.service();
    return service == null ? -1 : service.number(ServiceInfo.LEASES);
  }

  private static String users(Home home) throws Exception {
    ServiceInfo service = home.service();
    return service == null ? "" : service.get(ServiceInfo.USERS);
  }

  private static Path file(Home home, String moment) {
    return switch (moment) {
      case "start.lock" -> home.run("start.lock");
      case "start.out" -> home.output();
      case "lock" -> home.run().lock(home.port());
      case "socket" -> home.run().socket(home.port());
      default -> throw new IllegalArgumentException(moment);
    };
  }

  /** The router ends by itself, and the next client finds all as if nothing had been. */
  private static void leavesNothing(Home home) throws Exception {
    Home.await("the router to end", () -> home.service() == null && isUnlocked(home));
    Home.Client next = home.ccr("code");
    next.claude();
    assertEquals(1, leases(home));
    assertEquals(5, next.end());
    Home.await("its router to end", () -> home.service() == null && isUnlocked(home));
  }

  private static boolean isUnlocked(Home home) throws Exception {
    if (!Files.exists(home.run(""))) {
      return true;
    }
    try (ServiceLock lock = ServiceLock.take(home.run().lock(home.port()), 0)) {
      return lock != null;
    }
  }
}
