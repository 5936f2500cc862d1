package dev.ccr.proxy.claude;

import static dev.ccr.proxy.json.JsonOut.ascii;

import dev.ccr.proxy.json.JsonEscape;
import dev.ccr.proxy.json.JsonOut;
import io.netty.buffer.ByteBuf;
import java.util.List;

/** Content blocks that are written at one go: the same in a stream as in a message. */
final class WholeBlock {

  private static final byte[] REDACTED = ascii("{\"type\":\"redacted_thinking\",\"data\":");
  private static final byte[] SEARCH = ascii("{\"type\":\"server_tool_use\",\"id\":");
  private static final byte[] SEARCH_REST = ascii(",\"name\":\"web_search\",\"input\":{}}");
  private static final byte[] RESULTS =
      ascii("{\"type\":\"web_search_tool_result\",\"tool_use_id\":");
  private static final byte[] CONTENT = ascii(",\"content\":[");
  private static final byte[] RESULT = ascii("{\"type\":\"web_search_result\",\"url\":");
  private static final byte[] TITLE = ascii(",\"title\":");
  private static final byte[] RESULT_REST =
      ascii(",\"encrypted_content\":\"\",\"page_age\":null}");
  private static final byte[] CONTENT_REST = ascii("]}");

  private WholeBlock() {}

  static void redactedThinking(String data, JsonEscape escape, ByteBuf out) {
    out.writeBytes(REDACTED);
    JsonOut.string(data, escape, out);
    out.writeByte('}');
  }

  static void webSearch(String id, JsonEscape escape, ByteBuf out) {
    out.writeBytes(SEARCH);
    JsonOut.string(id, escape, out);
    out.writeBytes(SEARCH_REST);
  }

  static void webSearchResults(
      String id, List<WebSearchResult> results, JsonEscape escape, ByteBuf out) {
    out.writeBytes(RESULTS);
    JsonOut.string(id, escape, out);
    out.writeBytes(CONTENT);
    for (int i = 0; i < results.size(); i++) {
      if (i > 0) {
        out.writeByte(',');
      }
      out.writeBytes(RESULT);
      JsonOut.string(results.get(i).url(), escape, out);
      out.writeBytes(TITLE);
      JsonOut.string(results.get(i).title(), escape, out);
      out.writeBytes(RESULT_REST);
    }
    out.writeBytes(CONTENT_REST);
  }
}
