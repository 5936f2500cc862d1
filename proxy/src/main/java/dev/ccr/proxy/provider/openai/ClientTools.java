package dev.ccr.proxy.provider.openai;

import static dev.ccr.proxy.json.JsonOut.ascii;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tools that Claude models know by their type and the client runs: other models have to be told what
 * they take.
 *
 * @see <a href="https://docs.claude.com/en/docs/agents-and-tools/tool-use/overview">Tool use</a>
 */
final class ClientTools {

  private static final byte[] BASH =
      ascii(
          "{\"type\":\"object\",\"properties\":{\"command\":{\"type\":\"string\"},"
              + "\"restart\":{\"type\":\"boolean\"}}}");

  private static final byte[] TEXT_EDITOR =
      ascii(
          "{\"type\":\"object\",\"properties\":{\"command\":{\"type\":\"string\",\"enum\":"
              + "[\"view\",\"create\",\"str_replace\",\"insert\",\"undo_edit\"]},"
              + "\"path\":{\"type\":\"string\"},\"file_text\":{\"type\":\"string\"},"
              + "\"old_str\":{\"type\":\"string\"},\"new_str\":{\"type\":\"string\"},"
              + "\"insert_line\":{\"type\":\"integer\"},\"view_range\":{\"type\":\"array\","
              + "\"items\":{\"type\":\"integer\"}}},\"required\":[\"command\",\"path\"]}");

  private static final byte[] MEMORY =
      ascii(
          "{\"type\":\"object\",\"properties\":{\"command\":{\"type\":\"string\",\"enum\":"
              + "[\"view\",\"create\",\"str_replace\",\"insert\",\"delete\",\"rename\"]},"
              + "\"path\":{\"type\":\"string\"},\"file_text\":{\"type\":\"string\"},"
              + "\"old_str\":{\"type\":\"string\"},\"new_str\":{\"type\":\"string\"},"
              + "\"insert_line\":{\"type\":\"integer\"},\"insert_text\":{\"type\":\"string\"},"
              + "\"old_path\":{\"type\":\"string\"},\"new_path\":{\"type\":\"string\"},"
              + "\"view_range\":{\"type\":\"array\",\"items\":{\"type\":\"integer\"}}},"
              + "\"required\":[\"command\"]}");

  /** By what their dated types begin with. */
  private static final Map<String, byte[]> SCHEMAS =
      Map.of("bash_", BASH, "text_editor_", TEXT_EDITOR, "memory_", MEMORY);

  private ClientTools() {}

  /** The schema of a type's input, or {@code null} if it is no such tool. */
  static byte @Nullable [] schema(String type) {
    for (Map.Entry<String, byte[]> known : SCHEMAS.entrySet()) {
      if (type.startsWith(known.getKey())) {
        return known.getValue();
      }
    }
    return null;
  }
}
