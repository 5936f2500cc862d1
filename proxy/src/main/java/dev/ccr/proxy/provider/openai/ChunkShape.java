package dev.ccr.proxy.provider.openai;

import dev.ccr.proxy.json.Chars;
import dev.ccr.proxy.json.JsonText;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * An event that a parser has read, as a pattern for others: those that have the same bytes, texts
 * apart, say the same, texts apart. Comparing costs a tenth of parsing. For one stream.
 */
final class ChunkShape {

  private final byte[] event;
  private final int[] starts; // of the texts, in the event
  private final int[] ends;
  private final TextField[] fields;
  private final boolean hasCall;
  private final int callIndex;
  private final String callId;
  private final String callName;
  private final @Nullable ReasoningDetail detail;

  private ChunkShape(
      byte[] event, int[] starts, int[] ends, TextField[] fields, ChatChunk chunk) {
    this.event = event;
    this.starts = starts;
    this.ends = ends;
    this.fields = fields;
    hasCall = chunk.calls.size() > 0;
    callIndex = hasCall ? chunk.calls.last().index : -1;
    callId = hasCall ? chunk.calls.last().id : "";
    callName = hasCall ? chunk.calls.last().name : "";
    detail = chunk.details.size() > 0 ? chunk.details.last().copy() : null;
  }

  /** What a chunk has to be for others to be read by it: nothing but a piece of text. */
  static boolean isPlain(ChatChunk chunk) {
    return chunk.hasChoice
        && chunk.choiceIndex == 0
        && !chunk.usage.isPresent
        && !chunk.error.isPresent
        && chunk.error.message.isEmpty()
        && chunk.refusal.isEmpty()
        && chunk.annotations.isEmpty()
        && chunk.facts.citations.isEmpty()
        && chunk.facts.searchResults.isEmpty()
        && chunk.finishReason == null
        && chunk.nativeFinishReason.isEmpty()
        && chunk.stopReason.isEmpty()
        && isPlainCall(chunk)
        && isPlainDetail(chunk);
  }

  private static boolean isPlainCall(ChatChunk chunk) {
    return chunk.calls.size() == 0
        || (chunk.calls.size() == 1
            && !chunk.calls.last().custom
            && chunk.calls.last().thoughtSignature.isEmpty());
  }

  private static boolean isPlainDetail(ChatChunk chunk) {
    return chunk.details.size() == 0
        || (chunk.details.size() == 1
            && chunk.details.last().signature.isEmpty()
            && chunk.details.last().data.isEmpty());
  }

  /**
   * Finds the texts in an event.
   *
   * @param event up to the end of its blank line; taken
   * @param from where its JSON begins, which a parser has read
   * @param to where its line ends
   * @param strings what the string values are for, in their order
   * @param chunk what it says; plain
   * @return {@code null} if there is none, or more than one value in the line
   */
  static @Nullable ChunkShape of(
      byte[] event, int from, int to, TextField[] strings, ChatChunk chunk) {
    int[] starts = new int[strings.length];
    int[] ends = new int[strings.length];
    TextField[] fields = new TextField[strings.length];
    int found = 0;
    int seen = 0;
    int depth = 0;
    boolean over = false;
    for (int at = from; at < to; at++) {
      byte b = event[at];
      if (over && b != ' ') {
        return null;
      }
      switch (b) {
        case '{', '[' -> depth++;
        case '}', ']' -> over = --depth == 0;
        case '"' -> {
          int end = closingQuote(event, at + 1);
          if (!isName(event, end + 1)) {
            if (seen == strings.length) {
              return null;
            }
            TextField field = strings[seen++];
            if (field != TextField.FIXED) {
              starts[found] = at + 1;
              ends[found] = end;
              fields[found++] = field;
            }
          }
          at = end;
        }
        default -> {}
      }
    }
    return found == 0 || seen < strings.length || !over
        ? null
        : new ChunkShape(
            event,
            Arrays.copyOf(starts, found),
            Arrays.copyOf(ends, found),
            Arrays.copyOf(fields, found),
            chunk);
  }

  private static int closingQuote(byte[] event, int from) {
    int at = from;
    while (event[at] != '"') {
      at += event[at] == '\\' ? 2 : 1;
    }
    return at;
  }

  private static boolean isName(byte[] event, int behind) {
    int at = behind;
    while (event[at] <= ' ') { // the line is no end: an object closes before that
      at++;
    }
    return event[at] == ':';
  }

  /**
   * Reads an event of this shape.
   *
   * @param in borrowed
   * @param from where an event may begin
   * @param to where the bytes end
   * @param text for use meanwhile
   * @param chunk clear; gets what the event says, if anything is returned but -1
   * @return index behind the event, or -1 if it is of another shape, or incomplete
   */
  int read(byte[] in, int from, int to, Chars text, ChatChunk chunk) {
    int end = match(in, from, to, text, chunk);
    if (end < 0) {
      chunk.clear();
    }
    return end;
  }

  private int match(byte[] in, int from, int to, Chars text, ChatChunk chunk) {
    int at = compare(in, from, to, 0, starts[0]);
    if (at >= 0) {
      begin(chunk);
    }
    for (int i = 0; i < fields.length && at >= 0; i++) {
      text.clear();
      at = JsonText.decode(in, at, to, text);
      if (at >= 0) {
        fields[i].set(text, chunk);
        at = compare(in, at, to, ends[i], i + 1 < starts.length ? starts[i + 1] : event.length);
      }
    }
    return at;
  }

  private int compare(byte[] in, int at, int to, int start, int end) {
    int next = at + end - start;
    return next <= to && Arrays.equals(in, at, next, event, start, end) ? next : -1;
  }

  private void begin(ChatChunk chunk) {
    chunk.hasChoice = true;
    if (hasCall) {
      ChatChunk.CallDelta call = chunk.addCall(callIndex);
      call.id = callId;
      call.name = callName;
    }
    if (detail != null) {
      chunk.addDetail().set(detail);
    }
  }
}
