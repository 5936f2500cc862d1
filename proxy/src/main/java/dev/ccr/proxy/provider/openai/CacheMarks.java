package dev.ccr.proxy.provider.openai;

import static dev.ccr.proxy.json.JsonOut.ascii;

import dev.ccr.proxy.json.Span;
import dev.ccr.proxy.json.Splices;
import dev.ccr.proxy.provider.openai.ChatProfile.Quirk;

/**
 * The {@code cache_control} marks of a request: kept where they save money, up to the number that
 * the models behind take, and dropped elsewhere.
 */
final class CacheMarks {

  private static final byte[] FIELD = ascii(",\"cache_control\":");
  private static final int MAX_MARKS = 4;

  private final boolean kept;
  private int count;

  CacheMarks(ChatProfile profile, ChatModel model) {
    kept = profile.has(Quirk.CACHE_CONTROL) && model.has(ChatModel.Trait.CACHES);
  }

  /** Appends the mark as a field, if there is one to keep; returns whether it did. */
  boolean append(Span mark, Splices.Section out) {
    if (!kept || !mark.isPresent() || count == MAX_MARKS) {
      return false;
    }
    count++;
    out.glue(FIELD).range(mark);
    return true;
  }
}
