package dev.ccr.proxy.provider.openai;

import dev.ccr.proxy.claude.Minted;
import dev.ccr.proxy.json.Chars;

/**
 * An entry of {@code reasoning_details}, or a fragment of one.
 *
 * @see <a href="https://openrouter.ai/docs/use-cases/reasoning-tokens">Reasoning tokens</a>
 */
final class ReasoningDetail {

  private static final String CLAUDE_FORMAT = "anthropic-claude-v1";

  String type = "";
  String id = "";
  String format = "";

  /** The number of the detail the fragment belongs to, or -1. */
  long index;

  /** {@code text}, or {@code summary}. */
  final Chars text = new Chars();

  String signature = "";
  String data = "";

  /** The whole entry. */
  final Chars json = new Chars();

  void clear() {
    type = "";
    id = "";
    format = "";
    index = -1;
    text.clear();
    signature = "";
    data = "";
    json.clear();
  }

  boolean isSameText(ReasoningDetail other) {
    return type.equals(other.type)
        && id.equals(other.id)
        && format.equals(other.format)
        && index == other.index
        && text.isSame(other.text);
  }

  boolean isEncrypted() {
    return type.equals("reasoning.encrypted") && !data.isEmpty();
  }

  /** The data of a redacted thinking block: Claude's own as it is, or the whole entry. */
  String blockData() {
    return isClaudes() ? data : Minted.pack(json.toString());
  }

  /**
   * The signature of a thinking block: Claude's own as it is, or the whole entry.
   *
   * @param text the entry's text and that of the fragments before it
   * @param whole this entry's signature and that of the fragments behind it
   */
  String blockSignature(String text, String whole) {
    if (isClaudes()) {
      return whole;
    }
    Chars entry = new Chars();
    entry.append("{");
    add("type", type, entry);
    add("id", id, entry);
    add(type.equals("reasoning.summary") ? "summary" : "text", text, entry);
    add("signature", whole, entry);
    add("format", format, entry);
    if (index >= 0) {
      entry.append(",\"index\":" + index);
    }
    entry.append("}");
    return Minted.pack(entry.toString());
  }

  /** Keeps what has to be known of the entry once its chunk is gone. */
  ReasoningDetail head() {
    ReasoningDetail head = copy();
    head.type = type.isEmpty() ? "reasoning.text" : type;
    return head;
  }

  /** The same without its text and what is secret in it. */
  ReasoningDetail copy() {
    ReasoningDetail copy = new ReasoningDetail();
    copy.clear();
    copy.set(this);
    return copy;
  }

  /** Becomes the same as another, its text and what is secret in it apart. */
  void set(ReasoningDetail other) {
    type = other.type;
    id = other.id;
    format = other.format;
    index = other.index;
  }

  boolean isClaudes() {
    return format.equals(CLAUDE_FORMAT);
  }

  private static void add(String name, String value, Chars entry) {
    if (!value.isEmpty()) {
      entry.append(entry.length() > 1 ? ",\"" : "\"");
      entry.append(name + "\":");
      JsonCopy.quote(value, entry);
    }
  }
}
