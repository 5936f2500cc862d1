package dev.ccr.proxy.provider.openai;

import static dev.ccr.proxy.json.JsonOut.ascii;

import dev.ccr.proxy.claude.Minted;
import dev.ccr.proxy.json.JsonCursor;
import dev.ccr.proxy.json.JsonSyntaxException;
import dev.ccr.proxy.json.Span;
import dev.ccr.proxy.json.Splices;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The thinking of an assistant message as OpenRouter's {@code reasoning_details}, in its order. What
 * came from OpenRouter goes back as it came; what Claude signed goes back with its signature.
 */
final class ReasoningDetails {

  private static final byte[] TEXT = ascii("{\"type\":\"reasoning.text\",\"text\":");
  private static final byte[] SIGNATURE = ascii(",\"signature\":");
  private static final byte[] ENCRYPTED = ascii("{\"type\":\"reasoning.encrypted\",\"data\":");
  private static final byte[] FORMAT = ascii(",\"format\":\"anthropic-claude-v1\",\"index\":");

  private final JsonCursor at;
  private final Splices.Section details;
  private int count;

  /** @param at reads a value of the body; between two calls it is others' */
  ReasoningDetails(JsonCursor at, Splices.Section details) {
    this.at = at;
    this.details = details;
  }

  void clear() {
    details.clear();
    count = 0;
  }

  boolean isEmpty() {
    return count == 0;
  }

  void thinking(Span text, Span signature) throws JsonSyntaxException {
    if (!text.isPresent() || minted(signature)) {
      return;
    }
    details.comma().glue(TEXT).range(text);
    if (signature.isPresent() && !signature.isEmptyString()) {
      details.glue(SIGNATURE).range(signature);
    }
    end();
  }

  void redacted(Span data) throws JsonSyntaxException {
    if (data.isPresent() && !minted(data)) {
      details.comma().glue(ENCRYPTED).range(data);
      end();
    }
  }

  void appendTo(Splices.Section out) {
    out.append(details);
  }

  private void end() {
    details.glue(FORMAT).glue(ascii(Integer.toString(count++))).glue('}');
  }

  /** Adds the detail that is packed in a signature or in data, if one is. */
  private boolean minted(Span opaque) throws JsonSyntaxException {
    if (!opaque.isPresent()) {
      return false;
    }
    at.reset(opaque.start(), opaque.end());
    at.readString();
    String value = at.stringValue();
    if (!Minted.isMinted(value)) {
      return false;
    }
    String packed = Minted.unpack(value).orElse("");
    byte[] detail = packed.getBytes(StandardCharsets.UTF_8);
    if (!ThoughtSignatures.isPacked(packed) && isObject(detail)) {
      details.comma().glue(detail);
      count++;
    }
    return true;
  }

  /** What was packed comes from the client: only sound JSON may become part of a request. */
  private static boolean isObject(byte[] json) {
    JsonCursor check = new JsonCursor();
    check.reset(ByteBuffer.wrap(json), 0, json.length);
    try {
      boolean object = check.peek() == JsonCursor.Kind.OBJECT;
      check.skipValue();
      check.end();
      return object;
    } catch (JsonSyntaxException e) {
      return false;
    }
  }
}
