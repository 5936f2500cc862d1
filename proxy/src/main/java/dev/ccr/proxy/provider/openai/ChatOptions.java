package dev.ccr.proxy.provider.openai;

import static dev.ccr.proxy.json.JsonOut.ascii;

import dev.ccr.proxy.json.JsonCursor;
import dev.ccr.proxy.json.JsonSyntaxException;
import dev.ccr.proxy.json.Span;
import dev.ccr.proxy.json.Splices;
import dev.ccr.proxy.provider.openai.ChatModel.Trait;
import dev.ccr.proxy.provider.openai.ChatProfile.Quirk;
import java.nio.ByteBuffer;

/**
 * The parameters of a request beside its conversation and tools. They come in any order and depend
 * on each other, so they are all read before any is written.
 */
final class ChatOptions {

  private static final byte[] MAX_TOKENS = ascii(",\"max_tokens\":");
  private static final byte[] MAX_COMPLETION_TOKENS = ascii(",\"max_completion_tokens\":");
  private static final byte[] TEMPERATURE = ascii(",\"temperature\":");
  private static final byte[] TOP_P = ascii(",\"top_p\":");
  private static final byte[] TOP_K = ascii(",\"top_k\":");
  private static final byte[] STOP = ascii(",\"stop\":[");
  private static final byte[] FORMAT =
      ascii(
          ",\"response_format\":{\"type\":\"json_schema\",\"json_schema\":"
              + "{\"name\":\"output\",\"strict\":false,\"schema\":");

  /** OpenAI takes no more. */
  private static final int MAX_STOP_SEQUENCES = 4;

  private final ChatProfile profile;
  private final ChatModel model;
  private final ChatDepth depth;
  private final long cap;
  private final JsonCursor nested = new JsonCursor();
  private final Span maxTokens = new Span();
  private final Span temperature = new Span();
  private final Span topP = new Span();
  private final Span topK = new Span();
  private final Span outputSchema = new Span();
  private final Splices.Section stop;
  private long asked;

  /** @param cap the most tokens that may be asked for */
  ChatOptions(
      ByteBuffer body, Splices splices, ChatProfile profile, ChatModel model, long cap) {
    this.cap = cap;
    this.profile = profile;
    this.model = model;
    depth = new ChatDepth(profile, model);
    stop = splices.section();
    nested.reset(body, 0, 0);
  }

  /** Reads the value of a field if it is one of these; else leaves it. */
  boolean read(JsonCursor at) throws JsonSyntaxException {
    if (at.keyIs("max_tokens")) {
      number(at, maxTokens);
      if (maxTokens.isPresent()) {
        nested.reset(maxTokens.start(), maxTokens.end());
        asked = nested.readWhole();
        depth.maxTokens(Math.min(asked, cap));
      }
    } else if (at.keyIs("temperature")) {
      number(at, temperature);
    } else if (at.keyIs("top_p")) {
      number(at, topP);
    } else if (at.keyIs("top_k")) {
      number(at, topK);
    } else if (at.keyIs("stop_sequences")) {
      stopSequences(at);
    } else if (at.keyIs("thinking")) {
      depth.readThinking(at);
    } else if (at.keyIs("output_config")) {
      outputConfig(at);
    } else if (at.keyIs("output_format")) {
      outputSchema.clear(); // the older name of output_config.format counts more
      format(at);
    } else {
      return false;
    }
    return true;
  }

  /** Appends what the upstream and the model take. */
  void appendTo(Splices.Section out) {
    if (maxTokens.isPresent()) {
      out.glue(model.has(Trait.REASONS) ? MAX_COMPLETION_TOKENS : MAX_TOKENS);
      if (asked > cap) {
        out.glue(ascii(Long.toString(cap)));
      } else {
        out.range(maxTokens);
      }
    }
    if (!model.has(Trait.REASONS)) {
      field(TEMPERATURE, temperature, out);
      field(TOP_P, topP, out);
    }
    if (profile.has(Quirk.TOP_K)) {
      field(TOP_K, topK, out);
    }
    if (!stop.isEmpty() && !model.has(Trait.REFUSES_STOP) && !profile.has(Quirk.NO_STOP)) {
      out.glue(STOP).append(stop).glue(']');
    }
    if (outputSchema.isPresent()) {
      out.glue(FORMAT).range(outputSchema).glue('}').glue('}');
    }
    depth.appendTo(out);
  }

  private static void field(byte[] name, Span value, Splices.Section out) {
    if (value.isPresent()) {
      out.glue(name).range(value);
    }
  }

  private static void number(JsonCursor at, Span span) throws JsonSyntaxException {
    boolean isNumber = at.peek() == JsonCursor.Kind.NUMBER;
    at.skipValue();
    if (isNumber) {
      span.set(at.valueStart(), at.valueEnd());
    }
  }

  private void stopSequences(JsonCursor at) throws JsonSyntaxException {
    if (at.peek() != JsonCursor.Kind.ARRAY) {
      at.skipValue();
      return;
    }
    int count = 0;
    at.enterArray();
    while (at.nextElement()) {
      boolean isString = at.peek() == JsonCursor.Kind.STRING;
      at.skipValue();
      if (isString && count++ < MAX_STOP_SEQUENCES) {
        stop.comma().range(at.valueStart(), at.valueEnd());
      }
    }
  }

  private void outputConfig(JsonCursor at) throws JsonSyntaxException {
    if (at.peek() != JsonCursor.Kind.OBJECT) {
      at.skipValue();
      return;
    }
    at.enterObject();
    while (at.nextField()) {
      if (at.keyIs("effort") && at.peek() == JsonCursor.Kind.STRING) {
        at.readString();
        depth.effort(at.stringValue());
      } else if (at.keyIs("format") && !outputSchema.isPresent()) {
        format(at);
      } else {
        at.skipValue();
      }
    }
  }

  private void format(JsonCursor at) throws JsonSyntaxException {
    if (at.peek() != JsonCursor.Kind.OBJECT) {
      at.skipValue();
      return;
    }
    at.enterObject();
    while (at.nextField()) {
      boolean isSchema = at.keyIs("schema") && at.peek() == JsonCursor.Kind.OBJECT;
      at.skipValue();
      if (isSchema) {
        outputSchema.set(at.valueStart(), at.valueEnd());
      }
    }
  }
}
