package dev.ccr.proxy.claude;

import static dev.ccr.proxy.json.JsonOut.ascii;

import dev.ccr.proxy.json.JsonEscape;
import dev.ccr.proxy.json.JsonOut;
import dev.ccr.proxy.model.ApiErrorType;
import io.netty.buffer.ByteBuf;

/**
 * Claude's error envelope, alone and as the event that ends a broken stream.
 *
 * @see <a href="https://docs.claude.com/en/api/errors">Errors</a>
 */
public final class ErrorBody {

  private static final byte[] TYPE = ascii("{\"type\":\"error\",\"error\":{\"type\":\"");
  private static final byte[] MESSAGE = ascii("\",\"message\":");
  private static final byte[] DETAILS = ascii(",\"details\":");
  private static final byte[] REQUEST_ID = ascii("},\"request_id\":");
  private static final byte[] EVENT = ascii("event: error\ndata: ");
  private static final byte[] EVENT_END = ascii("\n\n");

  private ErrorBody() {}

  /**
   * Appends {@code {"type":"error","error":{...},"request_id":...}}.
   *
   * @param details a JSON object in ASCII, or empty for none
   * @param out borrowed
   */
  public static void writeJson(
      ApiErrorType type, String message, String details, String requestId, ByteBuf out) {
    JsonEscape escape = JsonEscape.ofThisThread();
    out.writeBytes(TYPE);
    out.writeBytes(ascii(type.wireName()));
    out.writeBytes(MESSAGE);
    JsonOut.string(message, escape, out);
    if (!details.isEmpty()) {
      out.writeBytes(DETAILS);
      out.writeBytes(ascii(details));
    }
    out.writeBytes(REQUEST_ID);
    JsonOut.string(requestId, escape, out);
    out.writeByte('}');
  }

  /**
   * Appends an {@code error} event; nothing may follow it in its stream.
   *
   * @param out borrowed
   */
  public static void writeEvent(
      ApiErrorType type, String message, String requestId, ByteBuf out) {
    out.writeBytes(EVENT);
    writeJson(type, message, "", requestId, out);
    out.writeBytes(EVENT_END);
  }
}
