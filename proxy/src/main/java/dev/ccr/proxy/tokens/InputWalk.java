package dev.ccr.proxy.tokens;

import dev.ccr.proxy.json.JsonCursor;
import dev.ccr.proxy.json.JsonCursor.Kind;
import dev.ccr.proxy.json.JsonSyntaxException;
import java.nio.ByteBuffer;

/**
 * Tells a sink what of a request counts as input: system, messages, tools and the choice of one.
 * The overheads are those that published tokenizers of chat formats were found to add. Fields of
 * unexpected kinds are passed over; only text that is no JSON is an error. Used again; not
 * thread-safe.
 */
final class InputWalk {

  private static final long PRIMER = 3; // the answer's role
  private static final long MESSAGE = 3; // role and separators
  private static final long SYSTEM = 3;
  private static final long TOOLS = 12;
  private static final long TOOL = 8;

  private final JsonCursor cursor = new JsonCursor();
  private final BlockWalk blocks = new BlockWalk();

  /**
   * Walks over a whole body.
   *
   * @param body borrowed; the request is from {@code from} to {@code to}
   * @param thinkingFrom thinking in front of this offset is left out
   */
  void walk(ByteBuffer body, int from, int to, int thinkingFrom, InputSink sink)
      throws JsonSyntaxException {
    try {
      cursor.reset(body, from, to);
      blocks.reset(body, thinkingFrom, sink);
      request(sink);
      cursor.end();
    } finally {
      cursor.clear();
      blocks.clear();
    }
  }

  private void request(InputSink sink) throws JsonSyntaxException {
    sink.fixed(PRIMER, false);
    cursor.enterObject();
    while (cursor.nextField()) {
      if (cursor.keyIs("messages") && cursor.peek() == Kind.ARRAY) {
        messages(sink);
      } else if (cursor.keyIs("system")) {
        sink.fixed(SYSTEM, false);
        content(sink);
      } else if (cursor.keyIs("tools") && cursor.peek() == Kind.ARRAY) {
        tools(sink);
      } else if (cursor.keyIs("tool_choice") && cursor.peek() == Kind.OBJECT) {
        cursor.skipValue();
        sink.text(Form.JSON, cursor.valueStart(), cursor.valueEnd(), false);
      } else {
        cursor.skipValue();
      }
    }
  }

  private void messages(InputSink sink) throws JsonSyntaxException {
    cursor.enterArray();
    while (cursor.nextElement()) {
      if (cursor.peek() == Kind.OBJECT) {
        message(sink);
      } else {
        cursor.skipValue();
      }
    }
  }

  private void message(InputSink sink) throws JsonSyntaxException {
    boolean user = false;
    boolean says = false; // something besides tool results
    sink.fixed(MESSAGE, false);
    cursor.enterObject();
    while (cursor.nextField()) {
      if (cursor.keyIs("role") && cursor.peek() == Kind.STRING) {
        cursor.readString();
        user = cursor.stringIs("user");
      } else if (cursor.keyIs("content")) {
        says |= content(sink);
      } else {
        cursor.skipValue();
      }
    }
    if (user && says) {
      sink.turn(cursor.position());
    }
  }

  /** Passes a string or an array of blocks; whether it holds more than tool results. */
  private boolean content(InputSink sink) throws JsonSyntaxException {
    return switch (cursor.peek()) {
      case STRING -> {
        cursor.readString();
        sink.text(Form.STRING, cursor.valueStart() + 1, cursor.valueEnd() - 1, false);
        yield true;
      }
      case ARRAY -> blocks.array(cursor);
      default -> {
        cursor.skipValue();
        yield false;
      }
    };
  }

  private void tools(InputSink sink) throws JsonSyntaxException {
    boolean some = false;
    cursor.enterArray();
    while (cursor.nextElement()) {
      if (cursor.peek() == Kind.OBJECT) {
        if (!some) {
          some = true;
          sink.fixed(TOOLS, false);
        }
        tool(sink);
      } else {
        cursor.skipValue();
      }
    }
  }

  private void tool(InputSink sink) throws JsonSyntaxException {
    sink.fixed(TOOL, false);
    cursor.enterObject();
    while (cursor.nextField()) {
      boolean text = cursor.keyIs("name") || cursor.keyIs("description");
      if (text && cursor.peek() == Kind.STRING) {
        cursor.readString();
        sink.text(Form.STRING, cursor.valueStart() + 1, cursor.valueEnd() - 1, false);
      } else if (cursor.keyIs("input_schema")) {
        cursor.skipValue();
        sink.text(Form.JSON, cursor.valueStart(), cursor.valueEnd(), false);
      } else {
        cursor.skipValue();
      }
    }
  }
}
