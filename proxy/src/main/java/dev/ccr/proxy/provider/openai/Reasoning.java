package dev.ccr.proxy.provider.openai;

import dev.ccr.proxy.claude.ClaudeWriter;
import dev.ccr.proxy.json.Chars;
import dev.ccr.proxy.model.UpstreamException;
import org.jspecify.annotations.Nullable;

/**
 * The reasoning of one answer. Its text comes in up to three fields that say the same, and its
 * signature in fragments, of which Claude's clients need the whole in one event.
 */
final class Reasoning {

  private final ClaudeWriter writer;
  private final ToolCalls calls;

  /** What is signed, and the signature so far; it belongs to the open thinking block, if any. */
  private @Nullable ReasoningDetail signed;

  private final StringBuilder signature = new StringBuilder(0);

  /** The text of the latest entry that is not Claude's: it is packed with its signature. */
  private final StringBuilder foreignText = new StringBuilder(0);

  private long foreignIndex = -1;

  Reasoning(ClaudeWriter writer, ToolCalls calls) {
    this.writer = writer;
    this.calls = calls;
  }

  /** Writes what a chunk says. */
  void add(ChatChunk chunk) throws UpstreamException {
    boolean byDetails = chunk.reasoning.isEmpty() || countTexts(chunk) > 1;
    if (!byDetails) {
      text(chunk.reasoning);
    }
    for (int i = 0; i < chunk.details.size(); i++) {
      ReasoningDetail detail = chunk.details.get(i);
      if (byDetails) {
        text(detail.text);
      }
      keep(detail);
      if (detail.isEncrypted()) {
        close();
        String data = detail.blockData();
        calls.beside(to -> to.redactedThinking(data), writer);
      } else if (!detail.signature.isEmpty()) {
        sign(detail);
      }
    }
  }

  /** Something else follows: what has been signed is closed. */
  void close() throws UpstreamException {
    ReasoningDetail detail = signed;
    if (detail != null) {
      signed = null;
      String text = detail.index == foreignIndex ? foreignText.toString() : "";
      String whole = detail.blockSignature(text, signature.toString());
      signature.setLength(0);
      foreignText.setLength(0);
      calls.beside(to -> to.signature(whole), writer);
    }
  }

  private void text(Chars text) throws UpstreamException {
    if (text.isEmpty()) {
      return;
    }
    close();
    if (calls.isMidway()) {
      Chars copy = new Chars();
      copy.append(text);
      calls.beside(to -> to.thinking(copy), writer);
    } else {
      calls.settle(writer);
      writer.thinking(text);
    }
  }

  private void keep(ReasoningDetail detail) {
    if (!detail.text.isEmpty() && !detail.isClaudes()) {
      if (detail.index != foreignIndex) {
        foreignIndex = detail.index;
        foreignText.setLength(0);
      }
      foreignText.append(detail.text.array(), 0, detail.text.length());
    }
  }

  private void sign(ReasoningDetail detail) throws UpstreamException {
    if (signed != null && signed.index != detail.index) {
      close();
    }
    if (signed == null) {
      signed = detail.head();
    }
    signature.append(detail.signature);
  }

  private static int countTexts(ChatChunk chunk) {
    int count = 0;
    for (int i = 0; i < chunk.details.size(); i++) {
      count += chunk.details.get(i).text.isEmpty() ? 0 : 1;
    }
    return count;
  }
}
