package dev.ccr.proxy.mock;

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
 * <tr><td>{@code thinking}<td>{@link #THOUGHT}, then {@link #HELLO}; in Anthropic's format the
 *     thought is signed with {@link #SIGNATURE}
 * <tr><td>{@code tool}<td>calls {@link #TOOL_NAME} with {@link #TOOL_ARGUMENTS} in fragments;
 *     answers {@link #TOOL_ANSWER} once its result has come; says {@link #HELLO} if it must not
 *     call tools
 * <tr><td>{@code parallel-tools}<td>likewise, with a second call, with {@link
 *     #MORE_TOOL_ARGUMENTS}; in chat streams the fragments of the two alternate
 * <tr><td>{@code needed-tool}<td>calls the tool that the request says it must, by the name it has
 *     there, or the first one if any will do; says {@link #HELLO} if it need not call one; a 400
 *     if that name is longer than the API takes
 * <tr><td>{@code calls}<td>the calls that a text of the user tells, {@code calls: Read:e30
 *     Bash:e30+Bash:e30}: a step after the other, those of a step joined by a plus, with arguments
 *     in base64url that come in fragments of a few characters; answers {@link #TOOL_ANSWER} after
 *     the last step
 * <tr><td>{@code calls-cut}<td>half of such a step, then the connection closes
 * <tr><td>{@code echo}<td>the last text of a user or of a tool
 * <tr><td>{@code parts}<td>what the messages of the request are made of: {@code user: text, image
 *     image/png | assistant: text}
 * <tr><td>{@code slow}<td>a delta every 200 ms, 100 of them; not streamed: one answer after 20 s
 * <tr><td>{@code endless}<td>deltas for ever; not streamed: no answer at all
 * <tr><td>{@code length}<td>{@link #HELLO}, cut short by the token limit
 * <tr><td>{@code cut}<td>a part of {@link #HELLO}, then a connection reset
 * <tr><td>{@code error-401 error-402 error-429 error-500 error-529}<td>that status and an error body;
 *     error-429 comes with {@code retry-after: 1}
 * <tr><td>{@code overflow}<td>a 400: the conversation has {@link #OVERFLOW_TOKENS}, and the model
 *     takes {@link #CONTEXT_TOKENS}
 * <tr><td>{@code error-in-200}<td>a 200 whose body is an error; streamed: whose only event is one
 * <tr><td>{@code error-midstream}<td>a part of {@link #HELLO}, then an error; not streamed: as
 *     error-in-200
 * <tr><td>{@code html}<td>a 200 with a page, streamed or not
 * <tr><td>{@code error-429+hello}<td>models in a row: the first time that they are asked with a
 *     last text the first one answers, the next time the next one, and the last one from then on
 * </table>
 *
 * <p>All answers count {@link #PROMPT_TOKENS}, {@link #CACHED_TOKENS} and {@link
 * #COMPLETION_TOKENS}, whatever was asked. A body that is not a JSON object gets a 400, another
 * path a 404. All bytes but those that depend on more than the model are made once. Safe for any
 * thread.
 */
public final class Scenarios implements Script {
  /** Tokens of every prompt, the cached ones included; Anthropic's format counts those apart. */
  public static final int PROMPT_TOKENS = 25;

  /** Tokens of every prompt that came from a cache. */
  public static final int CACHED_TOKENS = 5;

  /** Tokens of every answer. */
  public static final int COMPLETION_TOKENS = 7;

  /** What the model {@code overflow} takes. */
  public static final int CONTEXT_TOKENS = 128_000;

  /** What the model {@code overflow} says it was sent. */
  public static final int OVERFLOW_TOKENS = 130_512;

  /** The text of the model {@code hello}. */
  public static final String HELLO = "Hello! This is the mock upstream.";

  /** What the model {@code thinking} thinks. */
  public static final String THOUGHT = "They said hello, so I greet them.";

  /** What Anthropic's format signs that thought with. */
  public static final String SIGNATURE = "c2lnbmVkIGJ5IHRoZSBtb2Nr";

  /** The tool that the models {@code tool} and {@code parallel-tools} call. */
  public static final String TOOL_NAME = "get_weather";

  /** The arguments of that call. */
  public static final String TOOL_ARGUMENTS = "{\"city\":\"Oslo\"}";

  /** The arguments of the second call of {@code parallel-tools}. */
  public static final String MORE_TOOL_ARGUMENTS = "{\"city\":\"Bergen\"}";

  /** The text of the model {@code tool} after the result of the tool. */
  public static final String TOOL_ANSWER = "The tool result came: thank you.";

  /** What the errors inside a 200 say. */
  public static final String FAILURE = "Provider returned error";

  private final ScenarioBook chat = new ScenarioBook(new ChatFormat());
  private final ScenarioBook claude = new ScenarioBook(new ClaudeFormat());

  /** Makes the bytes of all answers. */
  public Scenarios() {}

  @Override
  public Reply reply(MockRequest request) {
    String path = request.path();
    if (path.endsWith("/chat/completions")) {
      return chat.reply(request);
    }
    return path.endsWith("/messages") ? claude.reply(request) : chat.notFound();
  }
}
