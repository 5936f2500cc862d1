package dev.ccr.proxy.faults;

import dev.ccr.proxy.config.Limits;
import dev.ccr.proxy.testing.Chat;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * One fault of the table: what happens, in which phases and kinds of answers it can, and what the
 * client gets. An outcome is {@code whole} (the answer that the upstream would give without a
 * fault), {@code ended} (a complete answer, whatever it says), a status with the type of its error,
 * {@code event} with that of an event, or {@code broken} (the connection ends inside the answer).
 * Several that are right have a bar between them.
 */
final class Fault {

  /** How long an impatient router waits for anything of an upstream's. */
  static final Duration IMPATIENCE = Duration.ofMillis(400);

  private static final String REFUSED = "502 api_error";

  /** What an upstream does in place of the rest of its answer. */
  interface Script {
    void play(Wire wire, Kind kind, Phase phase) throws IOException, InterruptedException;
  }

  /** What a client does; gives the outcome. */
  interface Client {
    String outcome(Site site, Kind kind, Phase phase) throws Exception;
  }

  /** What a client gets. */
  interface Expected {
    String of(Kind kind, Phase phase);
  }

  private final String name;
  private Set<Phase> phases = EnumSet.allOf(Phase.class);
  private Set<Kind> kinds = Kind.ALL;
  private boolean prefixed = true;
  private boolean slow;
  private Script script = (wire, kind, phase) -> wire.send(kind.from(phase));
  private Client client = (site, kind, phase) -> site.post(kind, Site.FAULTY);
  private Expected expected = Fault::broken;
  private Place.Opening place = Place::plain;
  private UnaryOperator<Limits.Builder> limits = unchanged -> unchanged;

  private Fault(String name) {
    this.name = name;
  }

  /** An upstream that does something else than to go on with its answer. */
  static Fault upstream(String name, Script script) {
    Fault fault = new Fault(name);
    fault.script = script;
    return fault;
  }

  /** An upstream whose answer is wrong from its first byte: nothing is sent before the script. */
  static Fault head(String name, Script script) {
    Fault fault = upstream(name, script).in(Phase.BEFORE_HEADERS);
    fault.prefixed = false;
    return fault;
  }

  /** An upstream that cannot be spoken to. */
  static Fault connection(String name, Place.Opening place) {
    Fault fault = head(name, (wire, kind, phase) -> wire.close());
    fault.place = place;
    return fault.of(EnumSet.of(Kind.CHAT_STREAM, Kind.CLAUDE_WHOLE)).gives(REFUSED);
  }

  /** A client that does not just wait for its answer, while the upstream rests in a phase. */
  static Fault client(String name, Client client) {
    Fault fault = upstream(name, (wire, kind, phase) -> wire.untilGone());
    fault.client = client;
    return fault.of(Kind.STREAMS);
  }

  /** Behind half an event the upstream goes on without end, for as long as it is read. */
  Fault endless() {
    String comment = Kind.chunk(": " + "x".repeat(60_000) + "\n\n");
    String text = Kind.chunk(Chat.text("x".repeat(60_000)));
    script =
        (wire, kind, phase) -> {
          wire.send(Kind.chunk(kind.restOfEvent()));
          wire.repeat(kind.isClaude() ? comment : text, 0);
        };
    return this;
  }

  Fault in(Phase first, Phase... more) {
    phases = EnumSet.of(first, more);
    return this;
  }

  Fault of(Set<Kind> some) {
    kinds = some;
    return this;
  }

  Fault at(Place.Opening opening) {
    place = opening;
    return this;
  }

  Fault by(Client other) {
    client = other;
    return this;
  }

  Fault gives(String outcome) {
    return gives((kind, phase) -> outcome);
  }

  Fault gives(Expected outcomes) {
    expected = outcomes;
    return this;
  }

  /** Of a router that waits for its upstreams for {@link #IMPATIENCE} at most. */
  Fault impatient() {
    return limited(
        limits -> limits.connect(IMPATIENCE).firstByte(IMPATIENCE).streamIdle(IMPATIENCE));
  }

  Fault limited(UnaryOperator<Limits.Builder> change) {
    limits = change;
    return this;
  }

  /** Takes a second or more: left out unless all faults are asked for. */
  Fault slow() {
    slow = true;
    return this;
  }

  /** A connection that breaks, or an answer that cannot be read on. */
  static String broken(Kind kind, Phase phase) {
    return error(kind, phase, REFUSED);
  }

  /** An upstream that takes too long. */
  static String late(Kind kind, Phase phase) {
    return error(kind, phase, "504 timeout_error");
  }

  private static String error(Kind kind, Phase phase, String whole) {
    return switch (phase) {
      case BEFORE_HEADERS, AFTER_HEADERS -> whole;
      case MID_EVENT ->
          kind.isStream() ? "event" + whole.substring(3) : kind.isClaude() ? "broken" : whole;
      // Whole JSON is relayed as it comes: nobody can tell that nothing of it is missing.
      case AFTER_FINISH -> kind == Kind.CLAUDE_WHOLE ? "broken" : "whole";
    };
  }

  String name() {
    return name;
  }

  Set<Phase> phases() {
    return phases;
  }

  Set<Kind> kinds() {
    return kinds;
  }

  boolean isSlow() {
    return slow;
  }

  String expected(Kind kind, Phase phase) {
    return expected.of(kind, phase);
  }

  Limits limits(Limits defaults) {
    return limits.apply(defaults.toBuilder()).build();
  }

  String outcome(Site site, Kind kind, Phase phase) throws Exception {
    return client.outcome(site, kind, phase);
  }

  /** Opens the upstream: it answers the faulty model by the script, and others as it should. */
  Place open(Kind kind, Phase phase) throws Exception {
    return place.open(
        wire -> {
          for (String request; (request = wire.request()) != null; ) {
            if (request.contains("\"" + Site.FAULTY + "\"")) {
              if (prefixed) {
                wire.send(kind.until(phase));
              }
              script.play(wire, kind, phase);
            } else {
              wire.send(kind.answer());
            }
          }
        });
  }
}
