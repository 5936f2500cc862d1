package dev.ccr.proxy.route;

import dev.ccr.proxy.json.JsonCursor;
import dev.ccr.proxy.json.JsonSyntaxException;
import dev.ccr.proxy.model.RequestException;
import dev.ccr.proxy.model.RequestFacts;
import dev.ccr.proxy.model.RequestTraits;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Finds what routing has to know in one pass over a request, which also proves that the request is
 * JSON. Unknown fields are passed over. Used again; not thread-safe.
 */
public final class RequestScan {

  /** Error messages quote the name: what nobody would call a model is not quoted. */
  private static final int MAX_MODEL_BYTES = 1024;

  private static final String WEB_SEARCH = "web_search";

  private static final ThreadLocal<RequestScan> OF_THIS_THREAD =
      ThreadLocal.withInitial(RequestScan::new);

  private final JsonCursor cursor = new JsonCursor();
  private final ConversationScan conversation = new ConversationScan(cursor);
  private final List<String> tools = new ArrayList<>(0);
  private boolean wantsTools;
  private boolean webSearch;
  private String thinking = "";
  private boolean thinkingBudget;
  private String effort = "";

  /** One for each thread: connections that idle need none. */
  public static RequestScan ofThisThread() {
    return OF_THIS_THREAD.get();
  }

  /**
   * Scans a whole body, without the names of its tools.
   *
   * @param body borrowed, in one piece
   * @throws RequestException if it is no JSON object, or lacks what every request must have
   */
  public RequestFacts scan(ByteBuf body) throws RequestException {
    return scan(body, false);
  }

  /**
   * Scans a whole body.
   *
   * @param body borrowed, in one piece
   * @param wantsTools whether a rule asks for the names of the tools
   * @throws RequestException if it is no JSON object, or lacks what every request must have
   */
  public RequestFacts scan(ByteBuf body, boolean wantsTools) throws RequestException {
    if (!body.isReadable()) {
      throw RequestException.invalid("request body: empty (expected: a JSON object)");
    }
    this.wantsTools = wantsTools;
    tools.clear();
    webSearch = false;
    thinking = "";
    thinkingBudget = false;
    effort = "";
    try {
      ByteBuffer bytes = body.nioBuffer(0, body.writerIndex());
      cursor.reset(bytes, body.readerIndex(), body.writerIndex());
      conversation.reset(bytes);
      return scan();
    } catch (JsonSyntaxException e) {
      throw RequestException.invalid("request body: " + e.getMessage());
    } finally {
      cursor.clear();
      conversation.clear();
    }
  }

  private RequestFacts scan() throws JsonSyntaxException, RequestException {
    String model = null;
    int modelStart = -1;
    int modelEnd = -1;
    boolean stream = false;
    boolean hasMessages = false;
    if (cursor.peek() != JsonCursor.Kind.OBJECT) {
      throw wrong("request body", cursor.peek(), "a JSON object");
    }
    cursor.enterObject();
    while (cursor.nextField()) {
      if (cursor.keyIs("model")) {
        if (modelStart >= 0) { // which one counts would be a guess, and a pass-through sends both
          throw RequestException.invalid("model: given twice (expected: once)");
        }
        model = readModel();
        modelStart = cursor.valueStart();
        modelEnd = cursor.valueEnd();
      } else if (cursor.keyIs("stream")) {
        stream = cursor.peek() == JsonCursor.Kind.TRUE;
        cursor.skipValue();
      } else if (cursor.keyIs("messages")) {
        if (cursor.peek() != JsonCursor.Kind.ARRAY) {
          throw wrong("messages", cursor.peek(), "an array");
        }
        hasMessages = true;
        conversation.readMessages();
      } else if (cursor.keyIs("system")) {
        conversation.readSystem();
      } else {
        readWish();
      }
    }
    cursor.end();
    if (!hasMessages) {
      throw RequestException.invalid("messages: missing (expected: an array)");
    }
    RequestTraits traits =
        new RequestTraits(
            webSearch,
            conversation.image(),
            thinking,
            thinkingBudget,
            effort,
            conversation.tag(),
            tools);
    return new RequestFacts(blankToNull(model), modelStart, modelEnd, stream, traits);
  }

  private String readModel() throws JsonSyntaxException, RequestException {
    if (cursor.peek() != JsonCursor.Kind.STRING) {
      throw wrong("model", cursor.peek(), "a string");
    }
    cursor.readString();
    if (cursor.valueEnd() - cursor.valueStart() > MAX_MODEL_BYTES) {
      throw RequestException.invalid(
          "model: longer than " + MAX_MODEL_BYTES + " bytes (expected: a model's name)");
    }
    return cursor.stringValue();
  }

  /** Reads the value of any other field; what is of another kind than expected says nothing. */
  private void readWish() throws JsonSyntaxException {
    JsonCursor.Kind kind = cursor.peek();
    if (cursor.keyIs("tools") && kind == JsonCursor.Kind.ARRAY) {
      cursor.enterArray();
      while (cursor.nextElement()) {
        readTool();
      }
    } else if (cursor.keyIs("thinking") && kind == JsonCursor.Kind.OBJECT) {
      cursor.enterObject();
      while (cursor.nextField()) {
        boolean isNumber = cursor.peek() == JsonCursor.Kind.NUMBER;
        if (cursor.keyIs("type")) {
          thinking = text(thinking);
        } else {
          cursor.skipValue();
          thinkingBudget |= isNumber && cursor.keyIs("budget_tokens");
        }
      }
    } else if (cursor.keyIs("output_config") && kind == JsonCursor.Kind.OBJECT) {
      cursor.enterObject();
      while (cursor.nextField()) {
        if (cursor.keyIs("effort")) {
          effort = text(effort);
        } else {
          cursor.skipValue();
        }
      }
    } else {
      cursor.skipValue();
    }
  }

  private void readTool() throws JsonSyntaxException {
    if (cursor.peek() != JsonCursor.Kind.OBJECT) {
      cursor.skipValue();
      return;
    }
    cursor.enterObject();
    while (cursor.nextField()) {
      if (cursor.keyIs("type")) {
        webSearch |= text("").startsWith(WEB_SEARCH);
      } else if (wantsTools && cursor.keyIs("name")) {
        tools.add(text(""));
      } else {
        cursor.skipValue();
      }
    }
  }

  /** Reads a string; what is none leaves things as they are. */
  private String text(String before) throws JsonSyntaxException {
    boolean isString = cursor.peek() == JsonCursor.Kind.STRING;
    cursor.skipValue();
    return isString ? cursor.stringValue() : before;
  }

  private static @Nullable String blankToNull(@Nullable String model) {
    return model == null || model.isBlank() ? null : model;
  }

  private static RequestException wrong(String what, JsonCursor.Kind kind, String expected) {
    return RequestException.invalid(
        what + ": " + kind.name().toLowerCase(Locale.ROOT) + " (expected: " + expected
            + ")");
  }
}
