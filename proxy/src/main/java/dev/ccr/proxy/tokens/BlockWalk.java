package dev.ccr.proxy.tokens;

import dev.ccr.proxy.json.JsonCursor;
import dev.ccr.proxy.json.JsonCursor.Kind;
import dev.ccr.proxy.json.JsonSyntaxException;
import dev.ccr.proxy.json.Span;
import java.nio.ByteBuffer;

/**
 * Tells a sink what of content blocks counts. A block's type may come behind its other fields, so
 * a block is first passed with its fields' places noted, and what is nested in it is walked over
 * once more. Used again; not thread-safe.
 */
final class BlockWalk {

  /**
   * Blocks in blocks that are understood; what is nested more deeply counts as its JSON. Clients
   * nest twice. It bounds how often a byte is walked over.
   */
  private static final int MAX_DEPTH = 4;

  private static final long TOOL_USE = 8;
  private static final long TOOL_RESULT = 6;
  private static final int REDACTED_BYTES_A_TOKEN = 6;

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
  private static final InputSink NOBODY = (form, start, end, thinking) -> {};

  private final JsonCursor[] cursors = new JsonCursor[MAX_DEPTH];
  private final Block[] blocks = new Block[MAX_DEPTH];
  private final Block source = new Block();
  private ByteBuffer body = NOTHING;
  private InputSink sink = NOBODY;
  private int thinkingFrom;

  BlockWalk() {
    for (int i = 0; i < MAX_DEPTH; i++) {
      cursors[i] = new JsonCursor();
      blocks[i] = new Block();
    }
  }

  /** Starts on another body, borrowed until {@link #clear}. */
  void reset(ByteBuffer body, int thinkingFrom, InputSink sink) {
    this.body = body;
    this.sink = sink;
    this.thinkingFrom = thinkingFrom;
    for (JsonCursor cursor : cursors) {
      cursor.reset(body, 0, 0);
    }
  }

  /** Lets go of the body. */
  void clear() {
    body = NOTHING;
    sink = NOBODY;
    for (JsonCursor cursor : cursors) {
      cursor.clear();
    }
  }

  /** Passes the array of blocks in front of the cursor; whether some is no tool result. */
  boolean array(JsonCursor cursor) throws JsonSyntaxException {
    return array(cursor, 0);
  }

  private boolean array(JsonCursor cursor, int depth) throws JsonSyntaxException {
    boolean says = false;
    cursor.enterArray();
    while (cursor.nextElement()) {
      if (cursor.peek() == Kind.OBJECT) {
        says |= block(cursor, depth) != Block.Type.TOOL_RESULT;
      } else {
        cursor.skipValue();
      }
    }
    return says;
  }

  private Block.Type block(JsonCursor cursor, int depth) throws JsonSyntaxException {
    Block block = blocks[depth];
    block.read(cursor);
    Block.Type type = block.type();
    switch (type) {
      case TEXT -> string(block.text);
      case TOOL_USE -> {
        sink.fixed(TOOL_USE, false);
        string(block.name);
        json(block.input);
      }
      case TOOL_RESULT -> {
        sink.fixed(TOOL_RESULT, false);
        content(block.content, depth);
      }
      case THINKING -> thinking(block);
      case REDACTED_THINKING -> redacted(block);
      case IMAGE -> image(block, depth);
      case DOCUMENT -> {
        string(block.title);
        string(block.context);
        document(block, depth);
      }
      case UNKNOWN -> unknown(block.start(), block.end(), depth);
    }
    return type;
  }

  private void thinking(Block block) {
    if (isString(block.thinking) && block.start() >= thinkingFrom) {
      sink.text(Form.STRING, block.thinking.start() + 1, block.thinking.end() - 1, true);
    }
  }

  private void redacted(Block block) {
    if (isString(block.data) && block.start() >= thinkingFrom) {
      sink.fixed((block.data.end() - block.data.start() - 2) / REDACTED_BYTES_A_TOKEN, true);
    }
  }

  private void image(Block block, int depth) throws JsonSyntaxException {
    if (source(block, depth) && isString(source.data)) {
      sink.image(body, source.data.start() + 1, source.data.end() - 1);
    } else {
      sink.image(body, 0, 0);
    }
  }

  private void document(Block block, int depth) throws JsonSyntaxException {
    boolean known = source(block, depth);
    if (known && source.isBase64() && isString(source.data)) {
      sink.pdf(body, source.data.start() + 1, source.data.end() - 1);
    } else if (known && isString(source.data)) {
      string(source.data);
    } else if (known && source.content.isPresent()) {
      content(source.content, depth);
    } else {
      sink.pdf(body, 0, 0); // a link, or an id
    }
  }

  private boolean source(Block block, int depth) throws JsonSyntaxException {
    if (!block.source.isPresent() || body.get(block.source.start()) != '{') {
      return false;
    }
    JsonCursor cursor = cursors[depth];
    cursor.reset(block.source.start(), block.source.end());
    source.read(cursor);
    return true;
  }

  /** A string or an array of blocks. */
  private void content(Span span, int depth) throws JsonSyntaxException {
    if (!span.isPresent()) {
      return;
    }
    if (isString(span)) {
      string(span);
    } else if (body.get(span.start()) != '[') {
      json(span);
    } else if (depth + 1 == MAX_DEPTH) {
      unknown(span.start(), span.end(), depth);
    } else {
      JsonCursor cursor = cursors[depth];
      cursor.reset(span.start(), span.end());
      array(cursor, depth + 1);
    }
  }

  /** Counts as its JSON, without what no model reads. */
  private void unknown(int start, int end, int depth) throws JsonSyntaxException {
    JsonCursor cursor = cursors[depth];
    cursor.reset(start, end);
    int from = readable(cursor, start);
    sink.text(Form.JSON, from, end, false);
  }

  /** Passes a value, and tells of all in front of the last thing left out, from {@code from} on. */
  private int readable(JsonCursor cursor, int from) throws JsonSyntaxException {
    int rest = from;
    switch (cursor.peek()) {
      case OBJECT -> {
        cursor.enterObject();
        while (cursor.nextField()) {
          if (cursor.keyIs("data") || cursor.keyIs("signature")
              || cursor.keyIs("encrypted_content")) {
            sink.text(Form.JSON, rest, cursor.keyStart() - 1, false);
            cursor.skipValue();
            rest = cursor.valueEnd();
          } else {
            rest = readable(cursor, rest);
          }
        }
      }
      case ARRAY -> {
        cursor.enterArray();
        while (cursor.nextElement()) {
          rest = readable(cursor, rest);
        }
      }
      default -> cursor.skipValue();
    }
    return rest;
  }

  private void string(Span span) {
    if (isString(span)) {
      sink.text(Form.STRING, span.start() + 1, span.end() - 1, false);
    }
  }

  private void json(Span span) {
    if (span.isPresent()) {
      sink.text(Form.JSON, span.start(), span.end(), false);
    }
  }

  private boolean isString(Span span) {
    return span.isPresent() && body.get(span.start()) == '"';
  }
}
