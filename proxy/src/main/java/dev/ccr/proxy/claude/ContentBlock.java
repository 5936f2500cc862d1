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

  /** The kinds that providers tell apart, by the names they have in requests. */
  public enum Kind {
    TEXT("text"),
    IMAGE("image"),
    DOCUMENT("document"),
    SEARCH_RESULT("search_result"),
    TOOL_USE("tool_use"),
    TOOL_RESULT("tool_result"),
    TOOL_REFERENCE("tool_reference"),
    THINKING("thinking"),
    REDACTED_THINKING("redacted_thinking"),
    COMPACTION("compaction"),
    /** What a tool that ran at Anthropic has found: {@code *_tool_result}. */
    SERVER_RESULT("_tool_result"),
    /** Any other kind, today's and tomorrow's. */
    OTHER("");

    private static final Kind[] KINDS = values();

    private final String wireName;

    Kind(String wireName) {
      this.wireName = wireName;
    }

    private static Kind at(JsonCursor at) {
      for (Kind kind : KINDS) {
        if (at.stringIs(kind.wireName)) {
          return kind;
        }
      }
      return at.stringValue().endsWith(SERVER_RESULT.wireName) ? SERVER_RESULT : OTHER;
    }
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

  /** The {@code content} of a result or a compaction: a string, an array or an object. */
  public final Span content = new Span();

  /** The {@code source} of an image or a document: an object; of a search result: a string. */
  public final Span source = new Span();

  /** The string {@code title} of a document or a search result. */
  public final Span title = new Span();

  /** The string {@code context} of a document. */
  public final Span context = new Span();

  /** The string {@code thinking}. */
  public final Span thinking = new Span();

  /** The string {@code signature} of thinking. */
  public final Span signature = new Span();

  /** The string {@code data} of redacted thinking. */
  public final Span data = new Span();

  /** The string {@code tool_name} of a tool reference. */
  public final Span toolName = new Span();

  /** The object {@code cache_control}. */
  public final Span cacheControl = new Span();

  /** The fields whose values are strings, the frequent ones first. */
  private static final String[] STRINGS = {
    "text", "tool_use_id", "id", "name", "thinking", "signature", "data", "title", "context",
    "tool_name"
  };

  private final Span[] strings = {
    text, toolUseId, id, name, thinking, signature, data, title, context, toolName
  };

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
    clear();
    at.enterObject();
    while (at.nextField()) {
      if (at.keyIs("type")) {
        boolean isString = at.peek() == JsonCursor.Kind.STRING;
        at.skipValue();
        kind = isString ? Kind.at(at) : Kind.OTHER;
      } else if (at.keyIs("is_error")) {
        error = at.peek() == JsonCursor.Kind.TRUE;
        at.skipValue();
      } else if (at.keyIs("content")) {
        any(at, content);
      } else if (at.keyIs("input")) {
        any(at, input);
      } else if (at.keyIs("source")) {
        any(at, source);
      } else if (at.keyIs("cache_control")) {
        any(at, cacheControl);
      } else {
        readString(at);
      }
    }
  }

  private void readString(JsonCursor at) throws JsonSyntaxException {
    for (int i = 0; i < STRINGS.length; i++) {
      if (at.keyIs(STRINGS[i])) {
        string(at, strings[i]);
        return;
      }
    }
    at.skipValue();
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

  private void clear() {
    kind = Kind.OTHER;
    error = false;
    content.clear();
    input.clear();
    source.clear();
    cacheControl.clear();
    for (Span string : strings) {
      string.clear();
    }
  }
}
