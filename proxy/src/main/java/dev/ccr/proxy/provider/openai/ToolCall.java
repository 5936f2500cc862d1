package dev.ccr.proxy.provider.openai;

import dev.ccr.proxy.json.Chars;
import dev.ccr.proxy.json.JsonCheck;

/** One tool call of an answer, gathered from its fragments. */
final class ToolCall {

  private static final String TEXT_INPUT = "{\"input\":\"";

  /** The id the upstream gives it, or empty. */
  String upstreamId = "";

  final StringBuilder name = new StringBuilder();

  /** Arguments that have come but not been written. */
  final Chars pending = new Chars();

  /** Follows all arguments that have come. */
  final JsonCheck check = new JsonCheck();

  /** Gemini's signature of it, or empty. */
  String thoughtSignature = "";

  /** Its input is a text, which becomes the one field of an object. */
  private boolean custom;

  boolean opened;
  boolean closed;

  /** Its block was closed before its arguments were one JSON object, or some came later. */
  boolean broken;

  /** Adds a fragment of the name; some upstreams repeat the whole name in every chunk. */
  void addName(String fragment) {
    if (!opened && !fragment.contentEquals(name)) {
      name.append(fragment);
    }
  }

  void addArguments(Chars fragment) {
    if (fragment.isEmpty()) {
      return;
    }
    check.feed(fragment.array(), 0, fragment.length());
    if (closed) {
      broken |= !check.isComplete();
    } else {
      pending.append(fragment);
    }
  }

  /** Adds a piece of the text that is a custom tool's input. */
  void addText(Chars piece) {
    Chars json = new Chars();
    if (!custom) {
      custom = true;
      json.append(TEXT_INPUT);
    }
    JsonCopy.escape(piece.array(), piece.length(), json);
    addArguments(json);
  }

  /** No more of the input is expected. */
  void complete() {
    if (custom && !isFinished()) {
      Chars end = new Chars();
      end.append("\"}");
      addArguments(end);
    }
  }

  /**
   * Whether the pending arguments may be written: they belong to an object. Anything else is held
   * back until its end, since {@code null} means no arguments and the rest is an error.
   */
  boolean isWritable() {
    return !pending.isEmpty() && check.isObject();
  }

  /** Whether everything that can belong to the arguments has come. */
  boolean isFinished() {
    return check.isComplete() && check.isObject();
  }

  /** No more arguments are expected; decides whether those that came are good. */
  void close() {
    closed = true;
    boolean none = check.isBlank() || pending.isText("null");
    broken |= !none && !isFinished();
  }
}
