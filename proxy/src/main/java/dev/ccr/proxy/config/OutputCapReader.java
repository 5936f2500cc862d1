package dev.ccr.proxy.config;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code max_output_tokens} of a provider: a number for all its models, or an object with a
 * number for each.
 */
final class OutputCapReader {

  static final String KEY = "max_output_tokens";

  static final String EXPECTED = "a number of tokens, 1 to 2147483647";

  private OutputCapReader() {}

  /** The caps by model; that of the empty name is for all others. */
  static Map<String, Long> read(Section section) {
    Node node = section.get(KEY);
    Map<String, Long> caps = new LinkedHashMap<>();
    if (node instanceof Node.Obj object) {
      for (Node.Member member : object.members()) {
        add(caps, member.key(), KEY + "." + member.key(), member.value(), section);
      }
    } else if (node != null) {
      add(caps, "", KEY, node, section);
    }
    return caps;
  }

  private static void add(
      Map<String, Long> caps, String model, String key, Node value, Section section) {
    Long cap = cap(value);
    if (cap == null) {
      section.wrong(key, value, EXPECTED);
    } else {
      caps.put(model, cap);
    }
  }

  private static @Nullable Long cap(Node node) {
    if (node instanceof Node.Num number && number.literal().matches("\\d{1,10}")) {
      long cap = Long.parseLong(number.literal());
      return cap >= 1 && cap <= Integer.MAX_VALUE ? cap : null;
    }
    return null;
  }
}
