package dev.ccr.proxy.attempt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ccr.proxy.attempt.AttemptPlan.Step;
import dev.ccr.proxy.config.ApiKey;
import dev.ccr.proxy.config.CircuitSettings;
import dev.ccr.proxy.config.Defaults;
import dev.ccr.proxy.config.ProviderConfig;
import dev.ccr.proxy.config.RetrySettings;
import dev.ccr.proxy.config.Secret;
import dev.ccr.proxy.model.Provider;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AttemptPlanTest {

  private static final long NOW = 1_000_000_000;

  private static ProviderHealth health(int keys, CircuitSettings circuit, String url) {
    return health(keys, circuit, url, null);
  }

  private static ProviderHealth health(
      int keys, CircuitSettings circuit, String url, @Nullable ProviderHealth previous) {
    List<ApiKey> given =
        IntStream.range(0, keys).mapToObj(i -> ApiKey.of(Secret.of("k" + i))).toList();
    Provider provider = new Provider("p", URI.create(url), List.of());
    return ProviderHealth.of(new ProviderConfig(provider, given), circuit, previous);
  }

  private static List<ProviderHealth> chain(String keys) {
    return Arrays.stream(keys.split(" ", -1))
        .map(each -> health(Integer.parseInt(each), Defaults.CIRCUIT, "http://localhost/"))
        .toList();
  }

  private static AttemptPlan plan(int attempts, List<ProviderHealth> chain) {
    RetrySettings settings =
        new RetrySettings(attempts, Duration.ofMillis(500), Duration.ofSeconds(10), Set.of());
    return new AttemptPlan(settings, chain, () -> 0);
  }

  /** A status, with {@code /} and the seconds to wait, {@code !} if a retry is of no use; a kind. */
  private static Fault fault(String text) {
    if (!Character.isDigit(text.charAt(0))) {
      return Fault.of(Fault.Kind.valueOf(text));
    }
    String[] parts = text.replace("!", "").split("/", -1);
    return new Fault(
        Fault.Kind.STATUS,
        Integer.parseInt(parts[0]),
        parts.length == 1
            ? RetryAfter.UNKNOWN
            : TimeUnit.SECONDS.toNanos(Long.parseLong(parts[1])),
        text.endsWith("!"));
  }

  private static String shown(AttemptPlan plan, Step step) {
    return switch (step) {
      case FIRST, KEY, SECOND -> step + ":" + plan.secret().reveal();
      case RETRY -> {
        long millis = TimeUnit.NANOSECONDS.toMillis(plan.delayNanos());
        plan.resume(NOW);
        yield "RETRY:" + millis;
      }
      case FALLBACK -> "TO:" + plan.target();
      case NONE -> "NONE";
    };
  }

  /** Attempts, keys of each provider of the chain, what fails one after the other: what is done. */
  @ParameterizedTest(name = "{0} attempts, keys {1}: {2}")
  @CsvSource(
      delimiter = '|',
      value = {
        // by default an error is handed on
        "1 | 1     | 503             | FIRST:k0 NONE",
        "1 | 1     | 429/1           | FIRST:k0 NONE",
        "1 | 1     | 401             | FIRST:k0 NONE",
        "1 | 1     | UNREACHABLE     | FIRST:k0 NONE",
        "1 | 1     | LOST            | FIRST:k0 NONE",
        "1 | 1     | TIMEOUT         | FIRST:k0 NONE",
        // but a stale connection is nothing that anybody should see
        "1 | 1     | STALE LOST      | FIRST:k0 SECOND:k0 NONE",
        "1 | 1     | STALE STALE     | FIRST:k0 SECOND:k0 NONE",
        "1 | 1 1   | STALE STALE 503 | FIRST:k0 SECOND:k0 TO:1 NONE",
        // several keys
        "1 | 3     | 429 401 402     | FIRST:k0 KEY:k1 KEY:k2 NONE",
        "1 | 2     | 429 503         | FIRST:k0 KEY:k1 NONE",
        "1 | 2     | 403             | FIRST:k0 NONE",
        "1 | 2     | 503             | FIRST:k0 NONE",
        "1 | 2     | STALE 429 STALE | FIRST:k0 SECOND:k0 KEY:k1 SECOND:k1",
        "2 | 2     | 429 429 429     | FIRST:k0 KEY:k1 RETRY:250 NONE",
        // retries
        "3 | 1     | 503 503 503     | FIRST:k0 RETRY:250 RETRY:500 NONE",
        "3 | 1     | 429/7 503/0 529 | FIRST:k0 RETRY:7000 RETRY:0 NONE",
        "3 | 1     | 429/11          | FIRST:k0 NONE",
        "3 | 1     | 529!            | FIRST:k0 NONE",
        "3 | 1     | 400             | FIRST:k0 NONE",
        "2 | 1     | UNREACHABLE     | FIRST:k0 RETRY:250",
        "2 | 1     | LOST 408        | FIRST:k0 RETRY:250 NONE",
        "2 | 1     | TIMEOUT         | FIRST:k0 NONE",
        "2 | 1     | STALE STALE STALE STALE | FIRST:k0 SECOND:k0 RETRY:250 SECOND:k0 NONE",
        // fallbacks
        "1 | 1 1 1 | 503 429 404     | FIRST:k0 TO:1 TO:2 NONE",
        "1 | 1 1   | UNREACHABLE     | FIRST:k0 TO:1",
        "1 | 1 1   | TIMEOUT         | FIRST:k0 TO:1",
        "1 | 1 1   | LOST            | FIRST:k0 TO:1",
        "1 | 1 1   | 402             | FIRST:k0 TO:1",
        "1 | 1 1   | 408             | FIRST:k0 TO:1",
        "1 | 1 1   | 400             | FIRST:k0 NONE",
        "1 | 1 1   | 401             | FIRST:k0 NONE",
        "1 | 1 1   | 403             | FIRST:k0 NONE",
        "1 | 1 1   | 413             | FIRST:k0 NONE",
        "1 | 1 1   | 422             | FIRST:k0 NONE",
        "1 | 2 1   | 429 429 503     | FIRST:k0 KEY:k1 TO:1 NONE",
        "2 | 1 1   | 503 503 503 503 | FIRST:k0 RETRY:250 TO:1 RETRY:250 NONE",
        "2 | 1 1   | 429/60          | FIRST:k0 TO:1",
      })
  void whatFollowsAFailure(int attempts, String keys, String faults, String steps) {
    AttemptPlan plan = plan(attempts, chain(keys));
    List<String> done = new ArrayList<>();
    done.add(shown(plan, plan.begin(NOW)));
    for (String each : faults.split(" ", -1)) {
      done.add(shown(plan, plan.next(fault(each), NOW)));
    }
    assertEquals(steps, String.join(" ", done));
  }

  @ParameterizedTest(name = "{0} attempts, keys {1}, after {2}: {3}")
  @CsvSource({
    "1, 1, '', false",
    "1, 2, '', true",
    "1, 2, 429, false",
    "2, 1, '', true",
    "2, 1, 503, false",
    "1, 1 1, '', true",
    "1, 1 1, 503, false",
  })
  void itIsKnownWhetherThereMayBeAnotherAttempt(
      int attempts, String keys, String faults, boolean more) {
    AttemptPlan plan = plan(attempts, chain(keys));
    plan.begin(NOW);
    if (!faults.isEmpty()) {
      Step step = plan.next(fault(faults), NOW);
      if (step == Step.RETRY) {
        plan.resume(NOW);
      }
    }
    assertEquals(more, plan.hasMore());
  }

  private static void breakDown(ProviderHealth health) {
    for (int i = 0; i < Defaults.CIRCUIT.failures(); i++) {
      AttemptPlan plan = plan(1, List.of(health));
      plan.begin(NOW);
      plan.next(Fault.status(500), NOW);
    }
    assertEquals(CircuitBreaker.State.OPEN, health.circuit(NOW));
  }

  @Test
  void aProviderThatIsDownIsPassedOverUntilItIsTriedAgain() {
    List<ProviderHealth> chain = chain("1 1 1");
    breakDown(chain.get(0));
    breakDown(chain.get(1));
    AttemptPlan plan = plan(3, chain);
    assertEquals(Step.FALLBACK, plan.begin(NOW));
    assertEquals(2, plan.target());
    long later = NOW + Defaults.CIRCUIT.open().toNanos();
    assertEquals(Step.FIRST, plan(1, chain).begin(later), "the one that tries");
    AttemptPlan other = plan(1, chain);
    other.begin(later);
    assertEquals(1, other.target(), "the one that tries the second");
  }

  @Test
  void aProviderThatGoesDownMeanwhileIsNotTriedAgain() {
    List<ProviderHealth> chain = chain("1 1");
    AttemptPlan plan = plan(10, chain);
    plan.begin(NOW);
    for (int i = 1; i < Defaults.CIRCUIT.failures(); i++) {
      assertEquals(Step.RETRY, plan.next(Fault.status(500), NOW));
      plan.resume(NOW);
    }
    assertEquals(Step.FALLBACK, plan.next(Fault.status(500), NOW));
  }

  @Test
  void ifAllAreDownTheFirstIsAskedAllTheSame() {
    List<ProviderHealth> chain = chain("1 1");
    breakDown(chain.get(0));
    breakDown(chain.get(1));
    AttemptPlan plan = plan(1, chain);
    assertEquals(Step.FIRST, plan.begin(NOW));
    assertEquals(Step.NONE, plan.next(Fault.status(500), NOW), "the second is down");
    AttemptPlan next = plan(1, chain);
    next.begin(NOW);
    next.succeeded();
    assertEquals(CircuitBreaker.State.CLOSED, chain.get(0).circuit(NOW), "it is back");
  }

  @Test
  void whoWantsToFailFastIsTold() {
    CircuitSettings fast =
        new CircuitSettings(Defaults.CIRCUIT.failures(), Defaults.CIRCUIT.open(), true);
    ProviderHealth health = health(1, fast, "http://localhost/");
    breakDown(health);
    AttemptPlan plan = plan(3, List.of(health));
    assertEquals(Step.NONE, plan.begin(NOW + 1));
    assertEquals(Defaults.CIRCUIT.open().toNanos() - 1, plan.delayNanos());
    long later = NOW + Defaults.CIRCUIT.open().toNanos();
    assertEquals(Step.FIRST, plan(1, List.of(health)).begin(later));
    assertEquals(Step.NONE, plan(1, List.of(health)).begin(later), "one tries");
  }

  @Test
  void aProviderWhoseKeysAllCoolDownIsPassedOverIfThereIsAnother() {
    List<ProviderHealth> chain = chain("2 1");
    AttemptPlan first = plan(1, chain);
    first.begin(NOW);
    first.next(Fault.status(429), NOW);
    assertEquals(Step.FALLBACK, first.next(Fault.status(429), NOW));
    assertEquals(Step.FALLBACK, plan(1, chain).begin(NOW));
    assertEquals(Step.FIRST, plan(1, List.of(chain.get(0))).begin(NOW), "there is none");
  }

  @Test
  void aKeyWhoseRequestsFailIsPassedOverThoughTheProviderIsUp() {
    List<ProviderHealth> chain = chain("2");
    for (int i = 0; i < 10; i++) {
      AttemptPlan plan = plan(1, chain);
      plan.begin(NOW);
      if (plan.secret().reveal().equals("k0")) {
        plan.next(Fault.status(500), NOW);
      } else {
        plan.succeeded();
      }
    }
    assertEquals(CircuitBreaker.State.CLOSED, chain.getFirst().circuit(NOW));
    assertEquals(1, chain.getFirst().keys().ready(NOW));
  }

  @Test
  void aProviderThatIsDownIsNotAskedManyTimesAsOften() {
    List<ProviderHealth> chain = chain("1");
    int retries = 0;
    for (int i = 0; i < 1_000; i++) {
      AttemptPlan plan = plan(2, chain);
      plan.begin(NOW);
      retries += plan.next(Fault.status(503), NOW) == Step.RETRY ? 1 : 0;
    }
    assertTrue(retries > 200 && retries <= 230, "retries: " + retries);
  }

  @Test
  void whatIsKnownOfAProviderOutlivesAReloadAsLongAsItIsTheSame() {
    ProviderHealth before = health(1, Defaults.CIRCUIT, "http://localhost/");
    breakDown(before);
    ProviderHealth same = health(1, Defaults.CIRCUIT, "http://localhost/", before);
    ProviderHealth other = health(1, Defaults.CIRCUIT, "http://localhost:81/", before);
    assertTrue(same.isOpen(NOW));
    assertFalse(other.isOpen(NOW));
  }
}
