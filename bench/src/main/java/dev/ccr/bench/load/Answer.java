package dev.ccr.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What the upstream can answer, chosen by the first part of the path. The bytes are the same each
 * time, but for the times in paced streams. Both ends make them for themselves. Immutable.
 */
enum Answer {
  /** A whole message in JSON. */
  SHORT(Kind.MESSAGE, 1, 1, 0),
  /** As fast as it goes. */
  TEXT50(Kind.TEXT, 50, 8, 0),
  TEXT200(Kind.TEXT, 200, 8, 0),
  /** Four calls, one after the other, as OpenAI sends parallel calls. */
  TOOLS200(Kind.TOOLS, 200, 8, 0),
  /** Three seconds of 20 events a second; and twelve. */
  PACED20(Kind.STAMPED, 60, 1, 20),
  LONG20(Kind.STAMPED, 240, 1, 20),
  /** Twenty seconds of 4 events a second. */
  PACED4(Kind.STAMPED, 80, 1, 4),
  /** Three seconds of 50 events a second; and twelve. */
  PACED50(Kind.STAMPED, 150, 1, 50),
  LONG50(Kind.STAMPED, 600, 1, 50);

  /** What a delta holds. */
  enum Kind {
    MESSAGE,
    TEXT,
    /** Text that begins with the time at which the event is sent. */
    STAMPED,
    TOOLS
  }

  static final int CALLS = 4;

  /** Before a time of {@link #STAMP_DIGITS} digits, in nanoseconds; nowhere else in an answer. */
  static final char STAMP = '~';

  static final int STAMP_DIGITS = 19;

  /** The length of an event with a delta; what fills it up is a field that OpenAI fills up too. */
  private static final int EVENT_BYTES = 330;

  private static final String PREFIX =
      "data: {\"id\":\"chatcmpl-CfT8\",\"object\":\"chat.completion.chunk\","
          + "\"created\":1763900000,\"model\":\"gpt-4o-2024-08-06\",";

  private static final String CHOICE =
      PREFIX + "\"service_tier\":\"default\",\"system_fingerprint\":\"fp_a288987b44\","
          + "\"choices\":[{\"index\":0,\"delta\":";

  final Kind kind;

  /** Events that carry something; three or four more begin and end a stream. */
  final int deltas;

  final int eventsPerWrite;

  /** Events a second; 0 for as fast as it goes. */
  final int rate;

  Answer(Kind kind, int deltas, int eventsPerWrite, int rate) {
    this.kind = kind;
    this.deltas = deltas;
    this.eventsPerWrite = eventsPerWrite;
    this.rate = rate;
  }

  /** As it stands in the path, and as the router's provider is called. */
  String path() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** How long a stream with a rate lasts. */
  long millis() {
    return deltas * 1_000L / rate;
  }

  boolean isStream() {
    return kind != Kind.MESSAGE;
  }

  /** The whole body. */
  byte[] body() {
    return String.join("", events()).getBytes(US_ASCII);
  }

  /** The body in its events; a message is one. */
  List<String> events() {
    List<String> events = new ArrayList<>();
    if (kind == Kind.MESSAGE) {
      events.add(message());
      return events;
    }
    if (kind != Kind.TOOLS) {
      events.add(event("{\"role\":\"assistant\",\"content\":\"\",\"refusal\":null}", "null"));
    }
    for (int i = 0; i < deltas; i++) {
      events.add(event(delta(i), "null"));
    }
    events.add(event("{}", kind == Kind.TOOLS ? "\"tool_calls\"" : "\"stop\""));
    events.add(
        PREFIX + "\"choices\":[],\"usage\":{\"prompt_tokens\":152,\"completion_tokens\":" + deltas
            + ",\"total_tokens\":" + (152 + deltas) + "}}\n\n");
    events.add("data: [DONE]\n\n");
    return events;
  }

  /** The text of a delta of a stream of text; times in it are zero. */
  String text(int delta) {
    String word = String.format(Locale.ROOT, " w%04d", delta);
    return kind == Kind.STAMPED ? STAMP + "0".repeat(STAMP_DIGITS) + word : word;
  }

  /** The whole text of a message or of a stream of text, or the input of one of the calls. */
  String content(int call) {
    if (kind == Kind.MESSAGE) {
      return "It is done.";
    }
    StringBuilder all = new StringBuilder();
    int share = kind == Kind.TOOLS ? deltas / CALLS : deltas;
    for (int i = 0; i < share; i++) {
      all.append(kind == Kind.TOOLS ? fragment(call * share + i) : text(i));
    }
    return all.toString();
  }

  private String delta(int index) {
    if (kind != Kind.TOOLS) {
      return "{\"content\":\"" + text(index) + "\"}";
    }
    int share = deltas / CALLS;
    int call = index / share;
    String arguments = fragment(index).replace("\"", "\\\"");
    String named =
        index % share > 0 ? "" : ",\"id\":\"call_" + call + "\",\"type\":\"function\"";
    String name = index % share > 0 ? "" : "\"name\":\"read_" + call + "\",";
    return "{\"tool_calls\":[{\"index\":" + call + named + ",\"function\":{" + name
        + "\"arguments\":\"" + arguments + "\"}}]}";
  }

  /** A call is announced without arguments, which then come in pieces. */
  private String fragment(int index) {
    int share = deltas / CALLS;
    int within = index % share;
    if (within == 0) {
      return "";
    }
    String word = String.format(Locale.ROOT, " w%04d", index);
    return (within == 1 ? "{\"path\":\"" : "") + word + (within == share - 1 ? "\"}" : "");
  }

  private static String event(String delta, String finish) {
    String event =
        CHOICE + delta + ",\"logprobs\":null,\"finish_reason\":" + finish
            + "}],\"usage\":null,\"obfuscation\":\"";
    String end = "\"}\n\n";
    int filler = Math.max(1, EVENT_BYTES - event.length() - end.length());
    return event + "x".repeat(filler) + end;
  }

  private static String message() {
    return "{\"id\":\"chatcmpl-CfT8\",\"object\":\"chat.completion\",\"created\":1763900000,"
        + "\"model\":\"gpt-4o-2024-08-06\",\"choices\":[{\"index\":0,\"message\":{"
        + "\"role\":\"assistant\",\"content\":\"It is done.\",\"refusal\":null},"
        + "\"logprobs\":null,\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":152,"
        + "\"completion_tokens\":4,\"total_tokens\":156}}";
  }
}
