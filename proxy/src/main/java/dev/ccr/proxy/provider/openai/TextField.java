package dev.ccr.proxy.provider.openai;

import dev.ccr.proxy.json.Chars;
import dev.ccr.proxy.provider.openai.ChatChunk.ReasoningSource;

/** What a string in a chunk is for, as far as it differs from chunk to chunk. */
enum TextField {
  /** The same in all chunks of a kind, or of a kind of its own. */
  FIXED,
  /** Nobody asks for it, and it is different each time: filling against those who measure. */
  PADDING,
  CONTENT,
  REASONING,
  REASONING_CONTENT,
  /** The text of an entry of {@code reasoning_details}. */
  DETAIL,
  ARGUMENTS;

  /** Puts a text where it belongs; the chunk has the call or the entry already. */
  void set(Chars text, ChatChunk chunk) {
    switch (this) {
      case FIXED, PADDING -> {}
      case CONTENT -> replace(chunk.content, text);
      case REASONING -> chunk.addReasoning(ReasoningSource.REASONING, text);
      case REASONING_CONTENT -> chunk.addReasoning(ReasoningSource.REASONING_CONTENT, text);
      case DETAIL -> replace(chunk.details.last().text, text);
      case ARGUMENTS -> replace(chunk.calls.last().arguments, text);
    }
  }

  private static void replace(Chars old, Chars text) {
    old.clear(); // of two fields with one name the last counts, as in every JSON reader
    old.append(text);
  }
}
