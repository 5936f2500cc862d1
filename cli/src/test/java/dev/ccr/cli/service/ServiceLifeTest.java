package dev.ccr.cli.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Routers as processes: who starts them, who finds them, who ends them. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "a shell script stands in for claude")
final class ServiceLifeTest {

  @TempDir private Path folder = Path.of("unset");

  @Test
  void itIsStartedFoundRestartedAndStopped() throws Exception {
    try (Home home = new Home(folder)) {
      Home.Client none = home.ccr("status");
      assertEquals("No router runs. To start one: ccr start\n", none.rest());
      assertEquals(3, none.code());

      Home.Client start = home.ccr("start", "--detach");
      String answers = start.rest();
      assertTrue(answers.startsWith("ccr answers on http://127.0.0.1:" + home.port()), answers);
      assertEquals(0, start.code());
      ServiceInfo first = home.service();
      assertNotNull(first);

      Home.Client wish = home.ccr("start", "--detach", "--verbose");
      String goesOn = wish.rest();
      assertTrue(goesOn.contains("It goes on as it was started, without --verbose"), goesOn);
      assertEquals(0, wish.code());

      Home.Client second = home.ccr("start");
      String refusal = second.rest();
      assertTrue(
          refusal.contains("A router has it: process " + first.get(ServiceInfo.PID)), refusal);
      assertEquals(1, second.code());

      Home.Client status = home.ccr("status");
      String said = status.rest();
      assertTrue(said.contains("Running        : yes\n"), said);
      assertTrue(said.contains("PID            : " + first.get(ServiceInfo.PID) + "\n"), said);
      assertEquals(0, status.code());

      Home.Client restart = home.ccr("restart");
      String restarted = restart.rest();
      assertTrue(restarted.startsWith("Restarted the router"), restarted);
      ServiceInfo third = home.service();
      assertNotNull(third);
      assertNotEquals(first.get(ServiceInfo.PID), third.get(ServiceInfo.PID));

      Home.Client stop = home.ccr("stop");
      String stopped = stop.rest();
      assertTrue(stopped.startsWith("Stopped the router"), stopped);
      assertNull(home.service());
      try (ServiceLock free = ServiceLock.take(home.run().lock(home.port()), 0)) {
        assertNotNull(free, "it returns when the router has ended");
      }
      Home.Client again = home.ccr("stop");
      assertEquals("No router runs.\n", again.rest());
      assertEquals(0, again.code());
    }
  }

  @Test
  void severalClientsAtOnceStartOneRouterThatEndsWithTheLast() throws Exception {
    try (Home home = new Home(folder)) {
      List<Home.Client> clients = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        clients.add(home.ccr("code"));
      }
      for (Home.Client client : clients) {
        client.claude();
      }
      ServiceInfo service = home.service();
      assertNotNull(service);
      assertEquals(4, service.number(ServiceInfo.LEASES));
      assertTrue(service.is(Origin.CODE));
      long starts =
          Files.readString(home.output()).lines().filter(line -> line.contains("answers")).count();
      assertEquals(1, starts);
      for (Home.Client client : clients) {
        assertNotNull(home.service(), "there is somebody who uses it");
        assertEquals(5, client.end());
      }
      Home.await("it to end", () -> home.service() == null);
    }
  }

  @Test
  void aRouterThatSomebodyStartedStaysWhenClientsLeave() throws Exception {
    try (Home home = new Home(folder)) {
      Home.Client client = home.ccr("code");
      client.claude();
      assertEquals(0, home.ccr("start", "--detach").code()); // from now on it is wanted
      assertEquals(5, client.end());
      ServiceInfo service = home.service();
      assertNotNull(service);
      assertTrue(service.is(Origin.START));
      assertEquals(0, home.ccr("stop").code());
    }
  }

  @Test
  void aClientKeepsItsLeaseOverARestartAndLosesItByAStop() throws Exception {
    try (Home home = new Home(folder)) {
      Home.Client client = home.ccr("code");
      ProcessHandle claude = client.claude();
      Set<String> processes = new TreeSet<>();
      ServiceInfo before = home.service();
      assertNotNull(before);
      processes.add(before.get(ServiceInfo.PID));

      for (int i = 0; i < 4; i++) { // more often than one that dies is started again
        assertEquals(0, home.ccr("restart").code());
        Home.await("the lease", () -> leases(home) == 1);
        ServiceInfo after = home.service();
        assertNotNull(after);
        assertTrue(processes.add(after.get(ServiceInfo.PID)));
        assertTrue(after.is(Origin.CODE), "it is still there for its clients only");
      }

      assertEquals(0, home.ccr("stop").code());
      assertTrue(claude.isAlive());
      assertNull(home.service(), "somebody wanted it to end");
      assertEquals(5, client.end());
      assertNull(home.service());
    }
  }

  @Test
  void argumentsAndSignalsAreTheProgramsOwn() throws Exception {
    try (Home home = new Home(folder)) {
      Home.Client client = home.ccr("code", "--resume", "x", "--help", "-v", "--", "", "a b\"'");
      String line = String.valueOf(client.out().readLine());
      assertTrue(line.matches("claude \\d+ --settings \\S+ --resume x --help -v --  a b\"'"), line);
      client.process().toHandle().destroy(); // SIGTERM, which the program answers in its own way
      assertEquals(7, client.code());
    }
  }

  @Test
  void settingsThatLeadPastTheRouterAreToldIfOursCannotBeGiven() throws Exception {
    try (Home home = new Home(folder)) {
      Path settings = Files.createDirectory(folder.resolve(".claude")).resolve("settings.json");
      Files.writeString(settings, "{\"env\": {\"ANTHROPIC_BASE_URL\": \"http://elsewhere\"}}");
      Home.Client client = home.ccr("code", "--settings", "{\"env\":{\"NO_PROXY\":\"\"}}");
      String first = String.valueOf(client.out().readLine());
      String second = String.valueOf(client.out().readLine());
      assertTrue(
          first.startsWith("warning: " + settings + ": env.ANTHROPIC_BASE_URL counts more"), first);
      assertTrue(second.startsWith("warning: --settings: env.NO_PROXY counts more"), second);
      String line = String.valueOf(client.out().readLine());
      assertTrue(line.matches("claude \\d+ --settings \\{\"env\":.*"), line);
      assertEquals(5, client.end());
    }
  }

  @Test
  void aRouterRunsWhereNothingCanBeWritten() throws Exception {
    try (Home home = new Home(folder)) {
      Files.createFile(home.run("")); // root may write anywhere, but not into a file's folder
      Home.Client start = home.ccr("start");
      String warning = awaitLine(start, "warning: ");
      assertTrue(warning.endsWith("ccr stop and status cannot find this router"), warning);
      awaitLine(start, "ccr answers on http://127.0.0.1:" + home.port());
      start.process().toHandle().destroy();
      assertEquals(128 + 15, start.code());
    }
  }

  @Test
  void aRouterThatHangsIsKilledIfItIsCertainlyIt() throws Exception {
    try (Home home = new Home(folder)) {
      assertEquals(0, home.ccr("start", "--detach").code());
      ServiceInfo service = home.service();
      assertNotNull(service);
      ProcessHandle router = service.process().orElseThrow();
      signal("STOP", router);

      Path lock = home.run().lock(home.port());
      String facts = Files.readString(lock);
      Files.writeString(lock, facts.replaceAll("process_start=\\d+", "process_start=1"));
      Home.Client uncertain = home.ccr("stop");
      String refusal = uncertain.rest();
      assertTrue(refusal.contains("kill -9 " + router.pid()), refusal);
      assertEquals(1, uncertain.code());
      assertTrue(router.isAlive(), "it could be another one");

      Files.writeString(lock, facts);
      Home.Client status = home.ccr("status");
      String said = status.rest();
      assertTrue(said.contains("it does not answer"), said);
      assertEquals(1, status.code());
      Home.Client stop = home.ccr("stop");
      String stopped = stop.rest();
      assertTrue(stopped.endsWith(": it did not answer and was killed\n"), stopped);
      assertEquals(0, stop.code());
      assertNull(home.service());
    }
  }

  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "nobody else tells who has a lock")
  void aRouterThatHangsIsKnownByItsLockIfThatSaysNothing() throws Exception {
    try (Home home = new Home(folder)) {
      Home.Client start = home.ccr("start");
      awaitLine(start, "ccr answers on ");
      Path lock = home.run().lock(home.port());
      ProcessHandle router = start.process().toHandle();
      assertEquals(router, LockHolder.of(lock).orElseThrow());
      Files.writeString(lock, "");
      signal("STOP", router);
      Home.Client stop = home.ccr("stop");
      String stopped = stop.rest();
      assertTrue(stopped.endsWith(": it did not answer and was killed\n"), stopped);
      assertEquals(0, stop.code());
      start.code();
      assertTrue(LockHolder.of(lock).isEmpty(), "the kernel has given it back");
    }
  }

  @Test
  void aNumberThatAnotherProcessHasGotIsNotTheRouter() throws Exception {
    Process innocent = new ProcessBuilder("sleep", "600").start();
    try {
      Properties facts = new Properties();
      facts.setProperty(ServiceInfo.PID, String.valueOf(innocent.pid()));
      long start = ServiceInfo.startOf(innocent.toHandle());
      facts.setProperty(ServiceInfo.PROCESS_START, String.valueOf(start));
      assertTrue(ServiceInfo.of(facts).process().isPresent(), "its own");
      facts.setProperty(ServiceInfo.PROCESS_START, String.valueOf(start - 1));
      assertTrue(ServiceInfo.of(facts).process().isEmpty(), "an earlier one's");
    } finally {
      innocent.destroyForcibly();
    }
  }

  private static void signal(String name, ProcessHandle process) throws Exception {
    assertEquals(
        0, new ProcessBuilder("kill", "-" + name, "" + process.pid()).start().waitFor());
  }

  private static String awaitLine(Home.Client client, String start) throws IOException {
    String line = client.out().readLine();
    while (line != null && !line.startsWith(start)) {
      line = client.out().readLine();
    }
    if (line == null) {
      throw new AssertionError("no line that starts with " + start);
    }
    return line;
  }

  private static long leases(Home home) throws Exception {
    ServiceInfo service = home.service();
    return service == null ? -1 : service.number(ServiceInfo.LEASES);
  }
}
