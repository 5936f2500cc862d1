package dev.ccr.proxy.route;

import dev.ccr.proxy.json.JsonCursor;
import dev.ccr.proxy.json.JsonSyntaxException;
import dev.ccr.proxy.model.RequestException;
import dev.ccr.proxy.model.RequestFacts;
import io.netty.buffer.ByteBuf;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Finds what routing has to know in one pass over a request, which also proves that the request is
 * JSON. Unknown fields are passed over. Used again; not thread-safe.
 */
public final class RequestScan {

  /** Error messages quote the name: what nobody would call a model is not quoted. */
  private static final int MAX_MODEL_BYTES = 1024;

  private final JsonCursor cursor = new JsonCursor();

  /**
   * Scans a whole body.
   *
   * @param body borrowed, in one piece
   * @throws RequestException if it is no JSON object, or lacks what every request must have
   */
  public RequestFacts scan(ByteBuf body) throws RequestException {
    if (!body.isReadable()) {
      throw RequestException.invalid("request body: empty (expected: a JSON object)");
    }
    try {
      cursor.reset(body.nioBuffer(0, body.writerIndex()), body.readerIndex(), body.writerIndex());
      return scan();
    } catch (JsonSyntaxException e) {
      throw RequestException.invalid("request body: " + e.getMessage());
    } finally {
      cursor.clear();
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
        if (cursor.peek() != JsonCursor.Kind.STRING) {
          throw wrong("model", cursor.peek(), "a string");
        }
        cursor.readString();
        if (cursor.valueEnd() - cursor.valueStart() > MAX_MODEL_BYTES) {
          throw RequestException.invalid(
              "model: longer than " + MAX_MODEL_BYTES + " bytes (expected: a model's name)");
        }
        model = cursor.stringValue();
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
        cursor.skipValue();
      } else {
        cursor.skipValue();
      }
    }
    cursor.end();
    if (!hasMessages) {
      throw RequestException.invalid("messages: missing (expected: an array)");
    }
    return new RequestFacts(blankToNull(model), modelStart, modelEnd, stream);
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
