package dev.ccr.proxy.mock;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Ready answers, chosen by the model a request names, in the format of OpenAI's chat completions on
 * paths that end with {@code /chat/completions}, and of Anthropic's messages on paths that end with
 * {@code /messages}; streamed if the request says {@code "stream":true}. Unlike OpenAI's, the chat
 * stream carries its usage whether asked to or not.
 *
 * <table>
 * <caption>Models</caption>
 * <tr><td>{@code hello}, any unknown<td>{@link #HELLO} in a few deltas; names the model hello
 * <tr><td>{@code paced}<td>{@link #HELLO} with 150 ms after each delta
 * <tr><td>{@code tool}<td>calls {@link #TOOL_NAME} with {@link #TOOL_ARGUMENTS} in fragments;
 *     answers {@link #TOOL_ANSWER} once its result has come
 * <tr><td>{@code slow}<td>a delta every 200 ms, 100 of them; not streamed: one answer after 20 s
 * <tr><td>{@code endless}<td>deltas for ever; not streamed: no answer at all
 * <tr><td>{@code length}<td>{@link #HELLO}, cut short by the token limit
 * <tr><td>{@code cut}<td>a part of {@link #HELLO}, then a connection reset
 * <tr><td>{@code echo}<td>the text of the last user message
 * <tr><td>{@code error-401 error-429 error-500 error-529}<td>that status and an error body;
 *     error-429 comes with {@code retry-after: 1}
 * </table>
 *
 * <p>All answers count {@link #PROMPT_TOKENS}, {@link #CACHED_TOKENS} and {@link
 * #COMPLETION_TOKENS}, whatever was asked. A body that is not a JSON object gets a 400, another
 * path a 404. All bytes but those of {@code echo} are made once. Safe for any thread.
 */
public final class Scenarios implements Script {
  /** Tokens of every prompt, the cached ones included; Anthropic's format counts those apart. */
  public static final int PROMPT_TOKENS = 25;

  /** Tokens of every prompt that came from a cache. */
  public static final int CACHED_TOKENS = 5;

  /** Tokens of every answer. */
  public static final int COMPLETION_TOKENS = 7;

  /** The text of the model {@code hello}. */
  public static final String HELLO = "Hello! This is the mock upstream.";

  /** The tool that the model {@code tool} calls. */
  public static final String TOOL_NAME = "get_weather";

  /** The arguments of that call. */
  public static final String TOOL_ARGUMENTS = "{\"city\":\"Oslo\"}";

  /** The text of the model {@code tool} after the result of the tool. */
  public static final String TOOL_ANSWER = "The tool result came: thank you.";

  private static final Duration PACE = Duration.ofMillis(150);
  private static final Duration SLOW_DELTA = Duration.ofMillis(200);
  private static final int SLOW_DELTAS = 100;
  private static final List<String> HELLO_DELTAS =
      List.of("Hello", "!", " This", " is the", " mock upstream", ".");

  private final Book chat = new Book(new ChatFormat());
  private final Book claude = new Book(new ClaudeFormat());

  /** Makes the bytes of all answers. */
  public Scenarios() {}

  @Override
  public Reply reply(MockRequest request) {
    String path = request.path();
    if (path.endsWith("/chat/completions")) {
      return chat.reply(request);
    }
    return path.endsWith("/messages") ? claude.reply(request) : chat.notFound;
  }

  /** The answers in one format. */
  private static final class Book {
    private final WireFormat wire;
    private final Map<String, Answer> answers;
    private final Answer hello;
    private final Answer toolAnswer;
    private final Reply malformed;
    private final Reply notFound;

    Book(WireFormat wire) {
      this.wire = wire;
      hello = text("hello", HELLO_DELTAS, WireFormat.Finish.STOP);
      toolAnswer =
          text("tool", List.of("The tool result came", ": thank you."), WireFormat.Finish.STOP);
      malformed = error(400, "The body is not a JSON object.").streamed();
      notFound = error(404, "No such path.").streamed();
      answers =
          Map.of(
              "tool", tool(),
              "paced", text("paced", HELLO_DELTAS, WireFormat.Finish.STOP, PACE),
              "slow", slow(),
              "endless", endless(),
              "length", text("length", HELLO_DELTAS, WireFormat.Finish.LENGTH),
              "cut", cut(),
              "error-401", error(401, "Incorrect API key provided."),
              "error-429", error(429, "Rate limit reached."),
              "error-500", error(500, "The server had an error."),
              "error-529", error(529, "Overloaded"));
    }

    Reply reply(MockRequest request) {
      RequestPeek peek;
      try {
        peek = new RequestPeek(request.content());
      } catch (IllegalArgumentException notJson) {
        return malformed;
      }
      String model = peek.model();
      Answer answer =
          switch (model) {
            case "echo" -> text(model, List.of(peek.lastUserText()), WireFormat.Finish.STOP);
            case "tool" -> peek.hasToolResult() ? toolAnswer : answers.getOrDefault(model, hello);
            default -> answers.getOrDefault(model, hello);
          };
      return peek.isStream() ? answer.streamed() : answer.whole();
    }

    private Answer text(String model, List<String> deltas, WireFormat.Finish finish) {
      return text(model, deltas, finish, Duration.ZERO);
    }

    private Answer text(
        String model, List<String> deltas, WireFormat.Finish finish, Duration pace) {
      ReplyBuilder stream = Reply.sse();
      wire.open(model).forEach(stream::chunk);
      deltas.forEach(delta -> stream.chunk(wire.text(model, delta)).pause(pace));
      wire.finish(model, finish).forEach(stream::chunk);
      return new Answer(
          stream.end(), Reply.json(200, wire.message(model, String.join("", deltas), finish)));
    }

    private Answer tool() {
      List<String> fragments = List.of("{\\\"", "city", "\\\":\\\"", "Os", "lo\\\"}");
      String escaped = String.join("", fragments);
      return new Answer(
          Reply.sse(wire.toolStream("tool", TOOL_NAME, fragments)),
          Reply.json(200, wire.toolMessage("tool", TOOL_NAME, TOOL_ARGUMENTS, escaped)));
    }

    private Answer slow() {
      String word = "word ";
      ReplyBuilder stream = Reply.sse();
      wire.open("slow").forEach(stream::chunk);
      for (int i = 0; i < SLOW_DELTAS; i++) {
        stream.chunk(wire.text("slow", word)).pause(SLOW_DELTA);
      }
      wire.finish("slow", WireFormat.Finish.STOP).forEach(stream::chunk);
      String message = wire.message("slow", word.repeat(SLOW_DELTAS), WireFormat.Finish.STOP);
      ReplyBuilder whole = Reply.jsonHead(200, message);
      whole.pause(SLOW_DELTA.multipliedBy(SLOW_DELTAS)).chunk(message);
      return new Answer(stream.end(), whole.end());
    }

    private Answer endless() {
      ReplyBuilder stream = Reply.sse();
      wire.open("endless").forEach(stream::chunk);
      return new Answer(stream.endless(wire.text("endless", "and on ")), Reply.silence());
    }

    private Answer cut() {
      ReplyBuilder stream = Reply.sse();
      wire.open("cut").forEach(stream::chunk);
      HELLO_DELTAS.subList(0, 3).forEach(delta -> stream.chunk(wire.text("cut", delta)));
      String message = wire.message("cut", HELLO, WireFormat.Finish.STOP);
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
      Reply error = reply.chunk(body).end();
      return new Answer(error, error);
    }
  }

  private record Answer(Reply streamed, Reply whole) {}
}
