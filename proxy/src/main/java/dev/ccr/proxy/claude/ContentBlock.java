package dev.ccr.proxy.claude;

import dev.ccr.proxy.json.JsonCursor;
import dev.ccr.proxy.json.JsonSyntaxException;
import dev.ccr.proxy.json.Span;

/**
 * One content block of a Claude request: what kind it is and where its parts stand in the body.
 * Unknown fields are passed over; one object is used for block after block.
 *
 * @see <a href="https://docs.claude.com/en/api/messages">Messages, content</a>
 */
public final class ContentBlock {

  /** The kinds that providers translate. */
  public enum Kind {
    TEXT,
    IMAGE,
    DOCUMENT,
    TOOL_USE,
    TOOL_RESULT,
    THINKING,
    REDACTED_THINKING,
    /** Any other kind, today's and tomorrow's. */
    OTHER
  }

  private Kind kind = Kind.OTHER;
  private boolean error;

  /** The string {@code text}. */
  public final Span text = new Span();

  /** The string {@code id} of a tool use. */
  public final Span id = new Span();

  /** The string {@code name} of a tool use. */
  public final Span name = new Span();

  /** The object {@code input} of a tool use. */
  public final Span input = new Span();

  /** The string {@code tool_use_id} of a tool result. */
  public final Span toolUseId = new Span();

  /** The {@code content} of a tool result: a string or an array. */
  public final Span content = new Span();

  /** The object {@code source} of an image or a document. */
  public final Span source = new Span();

  public Kind kind() {
    return kind;
  }

  /** Whether a tool result says {@code is_error}. */
  public boolean isError() {
    return error;
  }

  /**
   * Reads a block.
   *
   * @param at stands before the block, and behind it afterwards
   * @throws JsonSyntaxException if it is no object
   */
  public void read(JsonCursor at) throws JsonSyntaxException {
    kind = Kind.OTHER;
    error = false;
    clear(text, id, name, input, toolUseId, content, source);
    at.enterObject();
    while (at.nextField()) {
      if (at.keyIs("type")) {
        boolean isString = at.peek() == JsonCursor.Kind.STRING;
        at.skipValue();
        kind = isString ? kindAt(at) : Kind.OTHER;
      } else if (at.keyIs("text")) {
        string(at, text);
      } else if (at.keyIs("content")) {
        any(at, content);
      } else if (at.keyIs("tool_use_id")) {
        string(at, toolUseId);
      } else if (at.keyIs("id")) {
        string(at, id);
      } else if (at.keyIs("name")) {
        string(at, name);
      } else if (at.keyIs("input")) {
        any(at, input);
      } else if (at.keyIs("source")) {
        any(at, source);
      } else if (at.keyIs("is_error")) {
        error = at.peek() == JsonCursor.Kind.TRUE;
        at.skipValue();
      } else {
        at.skipValue();
      }
    }
  }

  private static Kind kindAt(JsonCursor at) {
    if (at.stringIs("text")) {
      return Kind.TEXT;
    }
    if (at.stringIs("tool_use")) {
      return Kind.TOOL_USE;
    }
    if (at.stringIs("tool_result")) {
      return Kind.TOOL_RESULT;
    }
    if (at.stringIs("image")) {
      return Kind.IMAGE;
    }
    if (at.stringIs("thinking")) {
      return Kind.THINKING;
    }
    if (at.stringIs("redacted_thinking")) {
      return Kind.REDACTED_THINKING;
    }
    return at.stringIs("document") ? Kind.DOCUMENT : Kind.OTHER;
  }

  private static void string(JsonCursor at, Span span) throws JsonSyntaxException {
    boolean isString = at.peek() == JsonCursor.Kind.STRING;
    at.skipValue();
    if (isString) {
      span.set(at.valueStart(), at.valueEnd());
    }
  }

  /** A value of any kind but {@code null}, which is as good as none. */
  private static void any(JsonCursor at, Span span) throws JsonSyntaxException {
    boolean isNull = at.peek() == JsonCursor.Kind.NULL;
    at.skipValue();
    if (!isNull) {
      span.set(at.valueStart(), at.valueEnd());
    }
  }

  private static void clear(Span... spans) {
    for (Span span : spans) {
      span.clear();
    }
  }
}
