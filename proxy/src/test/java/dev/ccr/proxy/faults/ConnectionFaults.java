package dev.ccr.proxy.faults;

import static dev.ccr.proxy.faults.Fault.connection;

import dev.ccr.proxy.upstream.UpstreamTls;
import java.util.List;

/** Upstreams that there is no speaking to. */
final class ConnectionFaults {

  /** A TLS record of a kind that does not exist. */
  private static final String NO_RECORD = "B\u0003\u0003\u0000\u0002ab";

  /** TLS's fatal alert that it knows no such name. */
  private static final String ALERT = "\u0015\u0003\u0003\u0000\u0002\u0002p";

  private ConnectionFaults() {}

  static List<Fault> all() {
    return List.of(
        connection("no such name",
            play -> new Place("http://" + "a".repeat(64) + ".invalid", null, new UpstreamTls(),
                () -> {})),
        connection("refused", Place::refusing),
        connection("a black hole", Place::blackHole).impatient().gives("504 timeout_error"),
        connection("accepts and resets", Place.deaf(Wire::reset)),
        connection("accepts and closes", Place.deaf(Wire::close)),
        connection("accepts and is silent", Place.deaf(Wire::untilGone))
            .impatient().gives("504 timeout_error"),
        connection("words before they are asked for",
            Place.deaf(wire -> wire.send("220 smtp.example ready\r\n").untilGone())),
        connection("TLS: no TLS", Place.withoutTls(
            wire -> wire.send("HTTP/1.1 400 Bad Request\r\n\r\n").halfClose())),
        connection("TLS: closes at once", Place.withoutTls(Wire::close)),
        connection("TLS: resets at once", Place.withoutTls(Wire::reset)),
        connection("TLS: closes its half in the handshake", Place.withoutTls(Wire::halfClose)),
        connection("TLS: silent in the handshake", Place.withoutTls(Wire::untilGone))
            .impatient().gives("504 timeout_error"),
        connection("TLS: half a record", Place.withoutTls(
            wire -> wire.send("\u0016\u0003").halfClose())),
        connection("TLS: no such record",
            Place.withoutTls(wire -> wire.send(NO_RECORD).halfClose())),
        connection("TLS: an alert", Place.withoutTls(wire -> wire.send(ALERT).halfClose())),
        connection("TLS: signed by itself", Place.untrusted(Place.certificate(), true)),
        connection("TLS: of another host", Place.untrusted(Place.ofAnotherHost(), false)),
        connection("TLS: expired", Place.untrusted(Place.expired(), false)));
  }
}
