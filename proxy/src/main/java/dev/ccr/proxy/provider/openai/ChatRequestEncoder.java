package dev.ccr.proxy.provider.openai;

import static dev.ccr.proxy.json.JsonOut.ascii;

import dev.ccr.proxy.json.JsonCursor;
import dev.ccr.proxy.json.JsonSyntaxException;
import dev.ccr.proxy.json.Splices;
import dev.ccr.proxy.model.RequestException;
import dev.ccr.proxy.model.RequestFacts;
import dev.ccr.proxy.provider.openai.ChatProfile.Quirk;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Says a Claude request as a chat completion request. The body is walked once, field by field in
 * the order it has; each part is written to a section of its own, and the sections are put together
 * in the order chat wants. Fields that chat does not know are left out.
 *
 * @see <a href="https://platform.openai.com/docs/api-reference/chat/create">Create chat
 *     completion</a>
 */
final class ChatRequestEncoder {

  private static final byte[] MODEL = ascii("{\"model\":");
  private static final byte[] MESSAGES = ascii(",\"messages\":[");
  private static final byte[] STREAM = ascii(",\"stream\":true");
  private static final byte[] INCLUDE_USAGE =
      ascii(",\"stream_options\":{\"include_usage\":true}");

  private final JsonCursor at = new JsonCursor();
  private final ChatProfile profile;
  private final ChatOptions options;
  private final ChatMessages messages;
  private final ChatTools tools;

  private ChatRequestEncoder(
      ByteBuf in,
      ChatProfile profile,
      String model,
      long maxOutputTokens,
      ToolNames names,
      Splices out) {
    this.profile = profile;
    ByteBuffer body = in.nioBuffer(0, in.writerIndex()).order(ByteOrder.LITTLE_ENDIAN);
    at.reset(body, in.readerIndex(), in.writerIndex());
    ChatModel rules = ChatModel.of(model);
    options = new ChatOptions(body, out, profile, rules, maxOutputTokens);
    messages = new ChatMessages(body, out, profile, rules, names);
    tools = new ChatTools(body, out, profile, rules, names);
  }

  /**
   * Writes the body of the upstream request, as {@link
   * dev.ccr.proxy.provider.Translation#encodeRequest} says.
   *
   * @param maxOutputTokens the most that may be asked for
   * @param names remembers the tool names that had to be changed
   */
  static Splices.Section encode(
      ByteBuf in,
      RequestFacts facts,
      ChatProfile profile,
      String model,
      long maxOutputTokens,
      ToolNames names,
      Splices out)
      throws RequestException {
    ChatRequestEncoder encoder =
        new ChatRequestEncoder(in, profile, model, maxOutputTokens, names, out);
    try {
      encoder.walk();
      return encoder.assemble(out.section(), facts, model);
    } catch (JsonSyntaxException e) { // the JSON is known to be sound: a value of another kind
      throw RequestException.invalid("request body: " + e.getMessage());
    }
  }

  private void walk() throws JsonSyntaxException, RequestException {
    at.enterObject();
    while (at.nextField()) {
      if (at.keyIs("messages")) {
        messages.readAll(at);
      } else if (at.keyIs("system")) {
        messages.readSystem(at);
      } else if (at.keyIs("tools")) {
        tools.readTools(at);
      } else if (at.keyIs("tool_choice")) {
        tools.readChoice(at);
      } else if (at.keyIs("thread") && at.peek() != JsonCursor.Kind.NULL) {
        throw RequestException.unsupportedThread();
      } else if (!options.read(at)) {
        at.skipValue();
      }
    }
  }

  private Splices.Section assemble(Splices.Section text, RequestFacts facts, String model)
      throws JsonSyntaxException {
    text.glue(MODEL).string(model).glue(MESSAGES);
    messages.appendTo(text);
    text.glue(']');
    options.appendTo(text);
    if (facts.stream()) {
      text.glue(STREAM);
      if (!profile.has(Quirk.NO_STREAM_OPTIONS)) {
        text.glue(INCLUDE_USAGE);
      }
    }
    tools.appendTo(messages.holdsCalls(), text);
    return text.glue('}');
  }
}
