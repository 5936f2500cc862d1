package dev.ccr.proxy.server;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The configuration in force, and what came of the last attempt to replace it. Any thread may ask;
 * whoever asks twice may get two configurations, so an exchange asks once.
 */
public final class LiveConfig implements Supplier<Snapshot> {

  /**
   * One moment.
   *
   * @param loadedAt when the snapshot came into force
   * @param needsRestart keys of the file whose values wait for a restart
   * @param problems why a later file was rejected; empty if none was
   */
  record State(
      Snapshot snapshot, Instant loadedAt, List<String> needsRestart, List<String> problems) {}

  private final InstantSource clock;
  private volatile State state;
  private volatile List<String> tlsProblems = List.of();

  public LiveConfig(Snapshot first, InstantSource clock) {
    this.clock = clock;
    state = new State(first, now(), List.of(), List.of());
  }

  @Override
  public Snapshot get() {
    return state.snapshot();
  }

  State state() {
    State now = state;
    List<String> tls = tlsProblems;
    return tls.isEmpty()
        ? now
        : new State(
            now.snapshot(),
            now.loadedAt(),
            now.needsRestart(),
            Stream.concat(now.problems().stream(), tls.stream()).toList());
  }

  /** Why the last file, or a certificate, was rejected; nothing if all are in force. */
  public List<String> problems() {
    return state().problems();
  }

  /** What is wrong with the files of a certificate, whatever becomes of the configuration. */
  void tlsProblems(List<String> problems) {
    tlsProblems = List.copyOf(problems);
  }

  /** Puts a snapshot in force, for exchanges that begin from now on. */
  public synchronized void replace(Snapshot next, List<String> needsRestart) {
    state = new State(next, now(), List.copyOf(needsRestart), List.of());
  }

  /** Keeps what is in force. */
  public synchronized void reject(List<String> problems) {
    State kept = state;
    state =
        new State(
            kept.snapshot(), kept.loadedAt(), kept.needsRestart(), List.copyOf(problems));
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }
}
