package dev.ccr.cli.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Whoever is killed while a port passes on, and whenever: one router at most is known by it, and
 * the next commands work.
 */
@EnabledOnOs(value = OS.LINUX, disabledReason = "a port is shared on Linux only")
final class HandOverKillTest {

  private static final long ANSWER_MILLIS = TimeUnit.SECONDS.toMillis(Home.PATIENCE_SECONDS);

  @TempDir private Path folder = Path.of("unset");

  /** What can be seen of a hand-over on its way: the process, its socket, its name in the lock. */
  @ParameterizedTest
  @CsvSource({
    "new, begun", "new, beside", "new, taken", "old, beside", "command, beside"
  })
  void oneIsKilledWhileAPortPassesOn(String who, String moment) throws Exception {
    try (Home home = new Home(folder)) {
      assertEquals(0, home.ccr("start", "--detach").code());
      ProcessHandle old = process(home);
      Home.Client restart = home.ccr("restart");
      ProcessHandle command = restart.process().toHandle();
      Home.await("the next one", () -> child(command).isPresent() || !command.isAlive());
      ProcessHandle next = child(command).orElseThrow();
      switch (moment) {
        case "begun" -> assertTrue(next.isAlive());
        case "beside" ->
            Home.await(moment, () -> listeners(home.port()) == 2 || isTaken(home, old));
        default -> Home.await(moment, () -> isTaken(home, old));
      }
      switch (who) {
        case "new" -> next.destroyForcibly();
        case "old" -> old.destroyForcibly();
        default -> command.destroyForcibly();
      }
      restart.code(); // it may have come too late
      if (!who.equals("new")) { // then one is there, whichever was killed
        Home.await("the next one", () -> isTaken(home, old) && home.isHealthy());
      }
      Home.await("one to be known, or none", () -> isSettled(home, old, next));

      assertEquals(0, home.ccr("start", "--detach").code());
      Home.Client status = home.ccr("status");
      String said = status.rest();
      assertTrue(said.contains("Running        : yes\n"), said);
      assertEquals(0, home.ccr("stop").code());
      assertNull(home.service());
      Home.await("all to have ended", () -> listeners(home.port()) == 0);
    }
  }

  /** This process is the next router, and dies, which closes what it has, where it says so. */
  @Test
  void theOneBeforeTakesBackWhatNobodyHasTaken() throws Exception {
    try (Home home = new Home(folder)) {
      assertEquals(0, home.ccr("start", "--detach").code());
      ProcessHandle old = process(home);
      Path lock = home.run().lock(home.port());

      try (Predecessor asked = ask(home)) {
        assertNotNull(asked);
        try (ControlClient other = ControlClient.connect(home.run().socket(home.port()))) {
          assertNotNull(other);
          other.send(Control.SHARE);
          assertEquals(Control.ALONE, other.readLine(ANSWER_MILLIS), "one at a time");
        }
        assertTrue(isLocked(lock), "till the other one answers clients");
      }
      staysKnown(home, old, lock);

      try (Predecessor asked = askAgain(home)) {
        asked.askForLock();
        assertEquals(old, process(home), "it answers meanwhile");
        try (ServiceLock taken = ServiceLock.take(lock, 0)) {
          assertNotNull(taken, "it is the other one's now");
          taken.write("pid=1\n");
          Files.delete(home.run().socket(home.port())); // and another one in its place
        }
      }
      staysKnown(home, old, lock);

      Home.Client second = home.ccr("start");
      String refusal = second.rest();
      assertTrue(refusal.contains("A router has it: process " + old.pid()), refusal);
      assertEquals(1, second.code());
      assertEquals(0, home.ccr("restart").code()); // it shares again
      assertEquals(0, home.ccr("stop").code());
      assertNull(home.service());
    }
  }

  private static Predecessor ask(Home home) throws Exception {
    Predecessor asked =
        Predecessor.of(
            Map.of(Predecessor.PORT_VARIABLE, String.valueOf(home.port())), home.run());
    assertNotNull(asked);
    return asked;
  }

  /** Once the router has seen that whoever asked last has died. */
  private static Predecessor askAgain(Home home) throws Exception {
    AtomicReference<Predecessor> asked = new AtomicReference<>();
    Home.await(
        "it to share again",
        () -> {
          try {
            asked.set(ask(home));
            return true;
          } catch (IOException alone) {
            return false;
          }
        });
    return asked.get();
  }

  private static void staysKnown(Home home, ProcessHandle old, Path lock) throws Exception {
    Home.await("its lock", () -> isLocked(lock));
    Home.await("its socket", () -> home.service() != null && home.isHealthy());
    assertEquals(old, process(home));
    ServiceInfo written = ServiceInfo.read(lock);
    assertNotNull(written);
    assertEquals(old.pid(), written.number(ServiceInfo.PID));
  }

  private static boolean isLocked(Path file) throws Exception {
    try (ServiceLock lock = ServiceLock.take(file, 0)) {
      return lock == null;
    }
  }

  private static ProcessHandle process(Home home) throws Exception {
    ServiceInfo service = home.service();
    assertNotNull(service);
    return service.process().orElseThrow();
  }

  private static Optional<ProcessHandle> child(ProcessHandle command) {
    return command.children().findFirst();
  }

  private static boolean isTaken(Home home, ProcessHandle old) throws Exception {
    ServiceInfo service = home.service();
    return service != null && service.number(ServiceInfo.PID) != old.pid();
  }

  /** Nobody is on the way any more: all processes that live are one, which is known. */
  private static boolean isSettled(Home home, ProcessHandle old, ProcessHandle next)
      throws Exception {
    ServiceInfo service = home.service();
    boolean one = !(old.isAlive() && next.isAlive());
    boolean locked = isLocked(home.run().lock(home.port()));
    return one && (service == null ? !old.isAlive() && !next.isAlive() : locked);
  }

  /** How many sockets listen on a port of the loopback address. */
  private static long listeners(int port) throws Exception {
    String listens = "0100007F:%04X 00000000:0000 0A".formatted(port);
    return Files.readAllLines(Path.of("/proc/net/tcp")).stream()
        .filter(line -> line.contains(listens))
        .count();
  }
}
