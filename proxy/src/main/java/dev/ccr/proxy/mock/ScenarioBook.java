package dev.ccr.proxy.mock;

import dev.ccr.proxy.mock.WireFormat.Call;
import dev.ccr.proxy.mock.WireFormat.Finish;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The answers of {@link Scenarios} in one format. Safe for any thread. */
final class ScenarioBook {
  private static final Duration PACE = Duration.ofMillis(150);
  private static final Duration SLOW_DELTA = Duration.ofMillis(200);
  private static final int SLOW_DELTAS = 100;
  private static final List<String> HELLO_DELTAS =
      List.of("Hello", "!", " This", " is the", " mock upstream", ".");
  private static final List<String> THOUGHT_DELTAS =
      List.of("They said hello", ", so I", " greet them.");
  private static final List<String> TOOL_ANSWER_DELTAS =
      List.of("The tool result came", ": thank you.");
  private static final List<String> OSLO = List.of("{\"", "city", "\":\"", "Os", "lo\"}");
  private static final List<String> BERGEN = List.of("{\"", "city", "\":\"", "Ber", "gen", "\"}");
  private static final String PAGE =
      """
      <!DOCTYPE html>
      <html><head><title>Sign in</title></head><body>Sign in to the network.</body></html>
      """;

  private final WireFormat wire;
  private final Map<String, Answer> answers;
  private final Map<String, Answer> afterTools;
  private final Map<String, Integer> asked = new ConcurrentHashMap<>(); // of models in a row
  private final Answer hello;
  private final Reply malformed;
  private final Reply notFound;

  ScenarioBook(WireFormat wire) {
    this.wire = wire;
    hello = text("hello", HELLO_DELTAS, Finish.STOP);
    malformed = error(400, "The body is not a JSON object.").streamed();
    notFound = error(404, "No such path.").streamed();
    Call oslo = new Call(1, Scenarios.TOOL_NAME, OSLO);
    Call bergen = new Call(2, Scenarios.TOOL_NAME, BERGEN);
    answers =
        Map.ofEntries(
            Map.entry("paced", text("paced", HELLO_DELTAS, Finish.STOP, PACE)),
            Map.entry("thinking", thinking()),
            Map.entry("tool", calls("tool", List.of(oslo))),
            Map.entry("parallel-tools", calls("parallel-tools", List.of(oslo, bergen))),
            Map.entry("slow", slow()),
            Map.entry("endless", endless()),
            Map.entry("length", text("length", HELLO_DELTAS, Finish.LENGTH)),
            Map.entry("cut", cut()),
            Map.entry("error-401", error(401, "Incorrect API key provided.")),
            Map.entry("error-402", error(402, "Insufficient Balance")),
            Map.entry("error-429", error(429, "Rate limit reached.")),
            Map.entry("error-500", error(500, "The server had an error.")),
            Map.entry("error-529", error(529, "Overloaded")),
            Map.entry("overflow", both(Reply.json(400, wire.overflow()))),
            Map.entry("error-in-200", failure("error-in-200", List.of())),
            Map.entry("error-midstream", failure("error-midstream", HELLO_DELTAS.subList(0, 3))),
            Map.entry("html", page()));
    afterTools =
        Map.of(
            "tool", text("tool", TOOL_ANSWER_DELTAS, Finish.STOP),
            "parallel-tools", text("parallel-tools", TOOL_ANSWER_DELTAS, Finish.STOP),
            "calls", text("calls", TOOL_ANSWER_DELTAS, Finish.STOP));
  }

  Reply reply(MockRequest request) {
    RequestPeek peek;
    try {
      peek = new RequestPeek(request.content());
    } catch (IllegalArgumentException notJson) {
      return malformed;
    }
    Answer answer = answer(itsTurn(peek), peek);
    return peek.isStream() ? answer.streamed() : answer.whole();
  }

  Reply notFound() {
    return notFound;
  }

  /** Of models in a row, the one whose turn it is with this text. */
  private String itsTurn(RequestPeek peek) {
    String row = peek.model();
    if (row.indexOf('+') < 0) {
      return row;
    }
    String[] models = row.split("\\+", -1);
    int times = asked.merge(row + ' ' + peek.lastText(), 1, Integer::sum);
    return models[Math.min(times, models.length) - 1];
  }

  private Answer answer(String model, RequestPeek peek) {
    return switch (model) {
      case "echo" -> text(model, List.of(peek.lastText()), Finish.STOP);
      case "parts" -> text(model, List.of(peek.parts()), Finish.STOP);
      case "calls" -> toldCalls(model, peek, false);
      case "calls-cut" -> toldCalls(model, peek, true);
      case "needed-tool" -> neededTool(model, peek.neededTool());
      case "tool", "parallel-tools" ->
          peek.hasToolResult()
              ? afterTools.getOrDefault(model, hello)
              : peek.forbidsTools() ? hello : answers.getOrDefault(model, hello);
      default -> answers.getOrDefault(model, hello);
    };
  }

  private Answer neededTool(String model, String name) {
    int longest = wire.longestToolName();
    if (name.length() > longest) {
      return error(400, "A tool's name has more than " + longest + " characters.");
    }
    return name.isEmpty() ? hello : calls(model, List.of(new Call(1, name, OSLO)));
  }

  private Answer text(String model, List<String> deltas, Finish finish) {
    return text(model, deltas, finish, Duration.ZERO);
  }

  private Answer text(String model, List<String> deltas, Finish finish, Duration pace) {
    ReplyBuilder stream = open(model);
    deltas.forEach(delta -> stream.chunk(wire.text(model, delta)).pause(pace));
    wire.finish(model, finish).forEach(stream::chunk);
    return new Answer(
        stream.end(), Reply.json(200, wire.message(model, String.join("", deltas), finish)));
  }

  private Answer thinking() {
    return new Answer(
        Reply.sse(wire.thinkingStream("thinking", THOUGHT_DELTAS, HELLO_DELTAS)),
        Reply.json(
            200, wire.thinkingMessage("thinking", Scenarios.THOUGHT, Scenarios.HELLO)));
  }

  private Answer calls(String model, List<Call> calls) {
    return new Answer(
        Reply.sse(wire.toolStream(model, calls)), Reply.json(200, wire.toolMessage(model, calls)));
  }

  /** The step of these calls that is next, or what is said after the last one. */
  private Answer toldCalls(String model, RequestPeek peek, boolean cut) {
    List<List<Call>> steps = ToldCalls.of(peek.textOf(ToldCalls.PREFIX)).steps();
    int next = peek.turnsSince(ToldCalls.PREFIX);
    if (next >= steps.size()) {
      return afterTools.getOrDefault("calls", hello);
    }
    return cut ? halfCalls(model, steps.get(next)) : calls(model, steps.get(next));
  }

  /** A connection that closes in the middle of calls. */
  private Answer halfCalls(String model, List<Call> calls) {
    List<String> events = wire.toolStream(model, calls);
    ReplyBuilder stream = Reply.sse();
    events.subList(0, events.size() / 2).forEach(stream::chunk);
    String message = wire.toolMessage(model, calls);
    ReplyBuilder whole = Reply.jsonHead(200, message);
    return new Answer(
        stream.close(), whole.chunk(message.substring(0, message.length() / 2)).close());
  }

  private Answer slow() {
    String word = "word ";
    ReplyBuilder stream = open("slow");
    for (int i = 0; i < SLOW_DELTAS; i++) {
      stream.chunk(wire.text("slow", word)).pause(SLOW_DELTA);
    }
    wire.finish("slow", Finish.STOP).forEach(stream::chunk);
    String message = wire.message("slow", word.repeat(SLOW_DELTAS), Finish.STOP);
    ReplyBuilder whole = Reply.jsonHead(200, message);
    whole.pause(SLOW_DELTA.multipliedBy(SLOW_DELTAS)).chunk(message);
    return new Answer(stream.end(), whole.end());
  }

  private Answer endless() {
    return new Answer(open("endless").endless(wire.text("endless", "and on ")), Reply.silence());
  }

  private Answer cut() {
    ReplyBuilder stream = open("cut");
    HELLO_DELTAS.subList(0, 3).forEach(delta -> stream.chunk(wire.text("cut", delta)));
    String message = wire.message("cut", Scenarios.HELLO, Finish.STOP);
    return new Answer(
        stream.reset(),
        Reply.jsonHead(200, message).chunk(message.substring(0, message.length() / 2)).reset());
  }

  private Answer error(int status, String text) {
    String body = wire.error(status, text);
    ReplyBuilder reply = Reply.jsonHead(status, body);
    if (status == 429) {
      reply.header("retry-after", "1");
    }
    return both(reply.chunk(body).end());
  }

  /** An error inside a 200: after these deltas if there are any, else before anything. */
  private Answer failure(String model, List<String> deltas) {
    ReplyBuilder stream = deltas.isEmpty() ? Reply.sse() : open(model);
    deltas.forEach(delta -> stream.chunk(wire.text(model, delta)));
    stream.chunk(wire.failureEvent(model, Scenarios.FAILURE));
    return new Answer(stream.end(), Reply.json(200, wire.failure(Scenarios.FAILURE)));
  }

  private static Answer page() {
    return both(
        Reply.status(200).header("content-type", "text/html; charset=utf-8").chunk(PAGE).end());
  }

  private ReplyBuilder open(String model) {
    ReplyBuilder stream = Reply.sse();
    wire.open(model).forEach(stream::chunk);
    return stream;
  }

  private static Answer both(Reply reply) {
    return new Answer(reply, reply);
  }

  private record Answer(Reply streamed, Reply whole) {}
}
