package dev.ccr.proxy.provider.openai;

import static dev.ccr.proxy.json.JsonOut.ascii;

import dev.ccr.proxy.json.JsonCursor;
import dev.ccr.proxy.json.JsonSyntaxException;
import dev.ccr.proxy.json.Splices;
import dev.ccr.proxy.model.RequestException;
import dev.ccr.proxy.model.RequestFacts;
import io.netty.buffer.ByteBuf;

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
  private static final byte[] STREAM =
      ascii(",\"stream\":true,\"stream_options\":{\"include_usage\":true}");
  private static final byte[] MAX_TOKENS = ascii(",\"max_tokens\":");
  private static final byte[] TEMPERATURE = ascii(",\"temperature\":");
  private static final byte[] TOP_P = ascii(",\"top_p\":");
  private static final byte[] STOP = ascii(",\"stop\":[");

  /** OpenAI takes no more. */
  private static final int MAX_STOP_SEQUENCES = 4;

  private final JsonCursor at = new JsonCursor();
  private final Splices.Section options;
  private final ChatMessages messages;
  private final ChatTools tools;

  private ChatRequestEncoder(ByteBuf in, Splices out) {
    at.reset(in.nioBuffer(0, in.writerIndex()), in.readerIndex(), in.writerIndex());
    options = out.section();
    messages = new ChatMessages(in, out);
    tools = new ChatTools(out);
  }

  /** As {@link dev.ccr.proxy.provider.Translation#encodeRequest} says. */
  static Splices.Section encode(ByteBuf in, RequestFacts facts, String model, Splices out)
      throws RequestException {
    ChatRequestEncoder encoder = new ChatRequestEncoder(in, out);
    try {
      encoder.walk();
    } catch (JsonSyntaxException e) { // the JSON is known to be sound: a value of another kind
      throw RequestException.invalid("request body: " + e.getMessage());
    }
    return encoder.assemble(out.section(), facts, model);
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
      } else if (at.keyIs("max_tokens")) {
        number(MAX_TOKENS);
      } else if (at.keyIs("temperature")) {
        number(TEMPERATURE);
      } else if (at.keyIs("top_p")) {
        number(TOP_P);
      } else if (at.keyIs("stop_sequences")) {
        stopSequences();
      } else {
        at.skipValue();
      }
    }
  }

  private Splices.Section assemble(Splices.Section text, RequestFacts facts, String model) {
    text.glue(MODEL).string(model).glue(MESSAGES);
    messages.appendTo(text);
    text.glue(']').append(options);
    if (facts.stream()) {
      text.glue(STREAM);
    }
    tools.appendTo(text);
    return text.glue('}');
  }

  private void number(byte[] field) throws JsonSyntaxException {
    boolean isNumber = at.peek() == JsonCursor.Kind.NUMBER;
    at.skipValue();
    if (isNumber) {
      options.glue(field).range(at.valueStart(), at.valueEnd());
    }
  }

  private void stopSequences() throws JsonSyntaxException {
    if (at.peek() != JsonCursor.Kind.ARRAY) {
      at.skipValue();
      return;
    }
    int count = 0;
    at.enterArray();
    while (at.nextElement()) {
      boolean isString = at.peek() == JsonCursor.Kind.STRING;
      at.skipValue();
      if (isString && count < MAX_STOP_SEQUENCES) {
        if (count++ == 0) {
          options.glue(STOP);
        } else {
          options.glue(',');
        }
        options.range(at.valueStart(), at.valueEnd());
      }
    }
    if (count > 0) {
      options.glue(']');
    }
  }
}
