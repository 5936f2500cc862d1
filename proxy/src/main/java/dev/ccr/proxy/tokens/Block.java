package dev.ccr.proxy.tokens;

import dev.ccr.proxy.json.JsonCursor;
import dev.ccr.proxy.json.JsonCursor.Kind;
import dev.ccr.proxy.json.JsonSyntaxException;
import dev.ccr.proxy.json.Span;

/** Where the fields of a content block stand, or of a block's source. Used again. */
final class Block {

  /** What a block is, as far as counting goes. */
  enum Type {
    TEXT("text"),
    TOOL_USE("tool_use"),
    TOOL_RESULT("tool_result"),
    THINKING("thinking"),
    REDACTED_THINKING("redacted_thinking"),
    IMAGE("image"),
    DOCUMENT("document"),
    UNKNOWN("");

    private static final Type[] ALL = values();

    private final String word;

    Type(String word) {
      this.word = word;
    }

    private static Type of(JsonCursor cursor) {
      for (Type type : ALL) {
        if (cursor.stringIs(type.word)) {
          return type;
        }
      }
      return UNKNOWN;
    }
  }

  private record Field(String name, Span span) {}

  final Span text = new Span();
  final Span thinking = new Span();
  final Span name = new Span();
  final Span input = new Span();
  final Span content = new Span();
  final Span source = new Span();
  final Span data = new Span();
  final Span title = new Span();
  final Span context = new Span();
  private final Field[] fields = {
    new Field("text", text),
    new Field("thinking", thinking),
    new Field("name", name),
    new Field("input", input),
    new Field("content", content),
    new Field("source", source),
    new Field("data", data),
    new Field("title", title),
    new Field("context", context)
  };
  private final Span whole = new Span();
  private Type type = Type.UNKNOWN;
  private boolean base64;

  /** Passes the object in front of the cursor and notes its fields. */
  void read(JsonCursor cursor) throws JsonSyntaxException {
    for (Field field : fields) {
      field.span().clear();
    }
    type = Type.UNKNOWN;
    base64 = false;
    int start = cursor.position();
    cursor.enterObject();
    while (cursor.nextField()) {
      if (cursor.keyIs("type") && cursor.peek() == Kind.STRING) {
        cursor.readString();
        type = Type.of(cursor);
        base64 = cursor.stringIs("base64");
      } else {
        readField(cursor);
      }
    }
    whole.set(start, cursor.position());
  }

  private void readField(JsonCursor cursor) throws JsonSyntaxException {
    for (Field field : fields) {
      if (cursor.keyIs(field.name())) {
        cursor.skipValue();
        field.span().set(cursor.valueStart(), cursor.valueEnd());
        return;
      }
    }
    cursor.skipValue();
  }

  Type type() {
    return type;
  }

  /** Whether a source of this type holds base64. */
  boolean isBase64() {
    return base64;
  }

  /** Offset of the block's brace. */
  int start() {
    return whole.start();
  }

  /** Offset behind the block. */
  int end() {
    return whole.end();
  }
}
