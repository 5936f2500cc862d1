package dev.ccr.proxy.provider.openai;

import static dev.ccr.proxy.json.JsonOut.ascii;

import dev.ccr.proxy.claude.Minted;
import dev.ccr.proxy.json.JsonCursor;
import dev.ccr.proxy.json.JsonSyntaxException;
import dev.ccr.proxy.json.Span;
import dev.ccr.proxy.json.Splices;
import dev.ccr.proxy.provider.openai.ChatModel.Trait;
import dev.ccr.proxy.provider.openai.ChatProfile.Quirk;

/**
 * The signatures of Gemini's tool calls. The client keeps them for us: each travels in a redacted
 * thinking block of our own making, in front of the call that it belongs to. Gemini 3 refuses a turn
 * whose first call has none; a turn that another model made gets the value that stands for that.
 *
 * @see <a href="https://ai.google.dev/gemini-api/docs/thought-signatures">Thought signatures</a>
 */
final class ThoughtSignatures {

  private static final String PACKED_START = "{\"thought_signature\":\"";
  private static final String PACKED_END = "\"}";
  private static final byte[] FIELD =
      ascii(",\"extra_content\":{\"google\":{\"thought_signature\":");
  private static final byte[] FIELD_END = ascii("}}");
  private static final String NOT_SIGNED = "skip_thought_signature_validator";

  private final JsonCursor at;
  private final boolean wanted;
  private final boolean required;
  private String next = "";
  private boolean firstCall = true;

  /** @param at reads a value of the body; between two calls it is others' */
  ThoughtSignatures(JsonCursor at, ChatProfile profile, ChatModel model) {
    this.at = at;
    wanted = profile.has(Quirk.THOUGHT_SIGNATURES);
    required = wanted && model.has(Trait.GEMINI_SIGNS);
  }

  /** The data of a redacted thinking block that carries a signature to the client and back. */
  static String pack(String signature) {
    return Minted.pack(PACKED_START + signature + PACKED_END);
  }

  /** Whether what a redacted thinking block held is a signature, and so no detail of reasoning. */
  static boolean isPacked(String unpacked) {
    return unpacked.startsWith(PACKED_START) && unpacked.endsWith(PACKED_END);
  }

  /** Reads a redacted thinking block of an assistant message. */
  void read(Span data) throws JsonSyntaxException {
    if (!wanted || !data.isPresent()) {
      return;
    }
    at.reset(data.start(), data.end());
    at.readString();
    String packed = Minted.unpack(at.stringValue()).orElse("");
    if (isPacked(packed)) {
      next = packed.substring(PACKED_START.length(), packed.length() - PACKED_END.length());
    }
  }

  /** Appends the next call's signature as a member of the call, if it has or needs one. */
  void appendTo(Splices.Section out) {
    String signature = next.isEmpty() && firstCall && required ? NOT_SIGNED : next;
    if (!signature.isEmpty()) {
      out.glue(FIELD).string(signature).glue(FIELD_END);
    }
    next = "";
    firstCall = false;
  }

  /** Another message begins. */
  void clear() {
    next = "";
    firstCall = true;
  }
}
