package dev.ccr.proxy.faults;

import static dev.ccr.proxy.faults.Fault.upstream;
import static dev.ccr.proxy.faults.Phase.AFTER_FINISH;
import static dev.ccr.proxy.faults.Phase.AFTER_HEADERS;
import static dev.ccr.proxy.faults.Phase.BEFORE_HEADERS;
import static dev.ccr.proxy.faults.Phase.MID_EVENT;

import dev.ccr.proxy.testing.Chat;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** What an upstream may do in the midst of an answer that was sound so far. */
final class BodyFaults {

  private static final Set<Kind> CHAT = EnumSet.of(Kind.CHAT_STREAM);

  private static final String SECOND =
      "HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\nsecond";

  private BodyFaults() {}

  static List<Fault> all() {
    return Stream.of(connections(), framing(), events(), floods()).flatMap(List::stream).toList();
  }

  private static List<Fault> connections() {
    return List.of(
        upstream("closes", (wire, kind, phase) -> wire.close()),
        upstream("resets", (wire, kind, phase) -> wire.reset()),
        upstream("closes its half and reads on", (wire, kind, phase) -> wire.halfClose()),
        upstream("closes below TLS", (wire, kind, phase) -> wire.close()).at(Place::secure),
        upstream("resets below TLS", (wire, kind, phase) -> wire.reset()).at(Place::secure),
        upstream("is silent", (wire, kind, phase) -> wire.untilGone())
            .impatient()
            .gives(Fault::late),
        upstream("is silent over TLS", (wire, kind, phase) -> wire.untilGone())
            .at(Place::secure)
            .impatient()
            .gives(Fault::late),
        upstream("says a byte at a time", (wire, kind, phase) -> wire.drip(kind.from(phase), 1))
            .gives("whole"),
        upstream("says a byte at a time for too long",
            (wire, kind, phase) -> wire.drip(kind.from(phase), 40))
            .limited(limits -> limits.total(Duration.ofMillis(300)))
            .gives((kind, phase) -> kind == Kind.CLAUDE_WHOLE && phase == AFTER_HEADERS ? "broken"
                : phase == AFTER_FINISH ? "whole" : Fault.late(kind, phase)));
  }

  private static List<Fault> framing() {
    return List.of(
        inBody("ends too early", "0\r\n\r\n")
            .gives((kind, phase) ->
                phase == AFTER_FINISH ? "whole"
                    // The length is the upstream's word: as it says, so it is passed on.
                    : kind == Kind.CLAUDE_WHOLE ? asItCame(phase)
                    : Fault.broken(kind, phase)),
        inBody("a chunk size of letters", "zz\r\n"),
        inBody("a chunk size without end", "f".repeat(10_000)),
        inBody("a chunk size beyond all numbers", "fffffffffffffffff\r\n"),
        inBody("a negative chunk size", "-5\r\nabcde\r\n"),
        inBody("no chunk size", "\r\n\r\n"),
        withBytes("no end of line behind a chunk", "5\r\n: abcXX\r\n"),
        withBytes("a chunk longer than what comes", "ffff\r\n: abc"),
        withBytes("a chunk of 2 GB announced", "7fffffff\r\n: abc"),
        inBody("the last chunk without its blank line", "0\r\n"),
        inBody("10,000 trailers", "0\r\n" + "x-trailer: value\r\n".repeat(10_000) + "\r\n"),
        upstream("trailers", (wire, kind, phase) ->
            wire.send(kind.until(phase).isEmpty() ? kind.head() : "")
                .send(rest(kind, phase) + "0\r\nx-trailer: value\r\n\r\n"))
            .gives("whole"),
        upstream("a second answer unasked", (wire, kind, phase) ->
            wire.send(kind.from(phase) + SECOND).untilGone())
            .gives("whole"),
        inBody("a second answer in the midst", SECOND),
        inBody("words that are no HTTP", "SSH-2.0-OpenSSH_9.2\r\n"),
        upstream("words that are no HTTP in place of an answer",
            (wire, kind, phase) -> wire.send("SSH-2.0-OpenSSH_9.2\r\n").untilGone())
            .in(BEFORE_HEADERS));
  }

  private static List<Fault> events() {
    return List.of(
        event("invalid UTF-8",
            "data: {\"choices\":[{\"delta\":{\"content\":\"\u00ff\u00fe\"}}]}\n\n"),
        event("invalid JSON", "data: {\"choices\":[}\n\n"),
        event("JSON that ends in its midst", "data: {\"choices\":[{\"delta\":\n\n"),
        event("a NUL in JSON", "data: {\"choices\":\u0000[]}\n\n"),
        event("JSON nested 10,000 deep", "data: {\"x\":" + "[".repeat(10_000) + "]".repeat(10_000)
            + "}\n\n"),
        event("JSON opened 10,000 times", "data: {\"x\":" + "[".repeat(10_000) + "\n\n"),
        event("an error", "data: {\"error\":{\"message\":\"no more\",\"code\":503}}\n\n")
            .gives((kind, phase) -> switch (phase) {
              case BEFORE_HEADERS, AFTER_HEADERS -> "503 overloaded_error";
              case MID_EVENT -> "event overloaded_error";
              case AFTER_FINISH -> "whole";
            }),
        event("unknown events and words", "event: new\ndata: word\nid: 1\nretry: 5\n\n")
            .gives("whole"),
        event("comments", ": keep-alive\n\n".repeat(1_000)).gives("whole"),
        event("a second finish", Chat.STOP + Chat.DONE)
            .in(AFTER_FINISH).gives("whole"),
        event("more text behind the finish", Chat.text("more"))
            .in(AFTER_FINISH).gives("whole"));
  }

  private static List<Fault> floods() {
    return List.of(
        upstream("comments without end", (wire, kind, phase) -> {
          wire.send(phase == BEFORE_HEADERS ? kind.head() : "");
          wire.send(phase == MID_EVENT ? Kind.chunk(kind.restOfEvent()) : "");
          wire.repeat(Kind.chunk(": keep-alive\n\n"), 2);
        })
            .of(Kind.STREAMS)
            .limited(limits -> limits.total(Duration.ofMillis(600)))
            .gives((kind, phase) -> phase == AFTER_FINISH ? "whole"
                : kind.isClaude() ? "event timeout_error" // comments are passed on
                : Fault.late(kind, phase)),
        upstream("bytes without end behind the finish",
            (wire, kind, phase) -> wire.repeat(Kind.chunk(": " + "x".repeat(60_000) + "\n\n"), 0))
            .of(CHAT)
            .in(AFTER_FINISH)
            .gives("whole"),
        upstream("an event of 50 MB", (wire, kind, phase) -> {
          wire.send(phase == BEFORE_HEADERS ? kind.head() : "");
          String megabyte = Kind.chunk("x".repeat(1 << 20));
          wire.send(Kind.chunk("data: {\"choices\":[{\"delta\":{\"content\":\""));
          for (int i = 0; i < 50; i++) {
            wire.send(megabyte);
          }
          wire.send(Kind.chunk("\"}}]}\n\n"));
          wire.untilGone();
        })
            .of(Kind.STREAMS)
            .gives((kind, phase) -> phase == MID_EVENT ? "event api_error"
                : phase == AFTER_FINISH ? "whole" : "502 api_error")
            .slow(),
        upstream("a line without end", (wire, kind, phase) -> {
          wire.send(phase == BEFORE_HEADERS ? kind.head() : "");
          wire.repeat(Kind.chunk("x".repeat(1 << 20)), 0);
        })
            .of(Kind.STREAMS)
            .limited(limits -> limits.total(Duration.ofSeconds(3)))
            .gives((kind, phase) -> phase == AFTER_FINISH ? "whole"
                : phase == MID_EVENT ? "event api_error"
                // Of a line that is no data nothing is kept: it is not too long, but too late.
                : kind.isClaude() ? "502 api_error" : "504 timeout_error")
            .slow());
  }

  /** What a client gets of JSON that is relayed, as far as it came. */
  private static String asItCame(Phase phase) {
    return phase == MID_EVENT
        ? "not an answer: \\{\"id\":\"msg_fault\",.*\"text\":\"o" : "not an answer: ";
  }

  /** Bytes that stand where a chunk should; the head comes first in any case. Then a FIN. */
  private static Fault inBody(String name, String bytes) {
    return upstream(name, (wire, kind, phase) -> wire.send(bytes).halfClose())
        .in(AFTER_HEADERS, MID_EVENT, AFTER_FINISH);
  }

  /** Likewise, and some of it is body. */
  private static Fault withBytes(String name, String bytes) {
    return inBody(name, bytes)
        .gives((kind, phase) -> kind == Kind.CLAUDE_WHOLE && phase == AFTER_HEADERS ? "broken"
            : Fault.broken(kind, phase));
  }

  /** An event, whole, in front of what is still to come; half an event is ended first. */
  private static Fault event(String name, String event) {
    return upstream(name, (wire, kind, phase) -> {
      String rest = rest(kind, phase);
      String some = Kind.chunk(event);
      wire.send(phase == BEFORE_HEADERS ? kind.head() : "");
      if (phase == MID_EVENT) { // so that the half becomes a whole
        int end = rest.indexOf("\n\n") + 2;
        String events = rest.substring(rest.indexOf("\r\n") + 2, rest.length() - 2);
        end -= rest.indexOf("\r\n") + 2;
        wire.send(Kind.chunk(events.substring(0, end)) + some
            + Kind.chunk(events.substring(end)) + "0\r\n\r\n");
      } else {
        wire.send(some + rest + "0\r\n\r\n");
      }
    }).of(CHAT);
  }

  /** The chunk that is still to come, without the last one; nothing if all is there. */
  private static String rest(Kind kind, Phase phase) {
    String from = kind.from(phase == BEFORE_HEADERS ? AFTER_HEADERS : phase);
    return from.substring(0, from.length() - "0\r\n\r\n".length());
  }
}
