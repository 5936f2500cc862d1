package dev.ccr.proxy.mock;

import dev.ccr.proxy.mock.WireFormat.Call;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * Calls of tools that a user tells a model to make: {@code calls: Read:e30 Bash:eyJh+Bash:eyJi} are
 * two steps, the second one of two calls, with their arguments in base64url. It needs no escapes in
 * a JSON string, whatever the arguments are. Immutable.
 *
 * @param steps what is called by one answer after the other
 */
record ToldCalls(List<List<Call>> steps) {

  /** How a text begins that tells calls. */
  static final String PREFIX = "calls: ";

  /** So few code points in a fragment that escapes are cut apart. */
  private static final int FRAGMENT = 3;

  ToldCalls {
    steps = List.copyOf(steps);
  }

  /**
   * Reads such a text.
   *
   * @throws IllegalArgumentException if it is none
   */
  static ToldCalls of(String text) {
    if (!text.startsWith(PREFIX)) {
      throw new IllegalArgumentException("text: " + text + " (expected: " + PREFIX + "...)");
    }
    List<List<Call>> steps = new ArrayList<>();
    int number = 0;
    for (String step : text.substring(PREFIX.length()).strip().split(" +", -1)) {
      List<Call> calls = new ArrayList<>();
      for (String call : step.split("\\+", -1)) {
        calls.add(call(++number, call));
      }
      steps.add(List.copyOf(calls));
    }
    return new ToldCalls(steps);
  }

  private static Call call(int number, String text) {
    int colon = text.indexOf(':');
    if (colon < 1) {
      throw new IllegalArgumentException("call: " + text + " (expected: NAME:ARGUMENTS)");
    }
    byte[] arguments = Base64.getUrlDecoder().decode(text.substring(colon + 1));
    return new Call(
        number,
        text.substring(0, colon),
        fragments(new String(arguments, StandardCharsets.UTF_8)));
  }

  private static List<String> fragments(String text) {
    List<String> fragments = new ArrayList<>();
    for (int start = 0; start < text.length(); ) {
      int left = text.codePointCount(start, text.length());
      int end = text.offsetByCodePoints(start, Math.min(FRAGMENT, left));
      fragments.add(text.substring(start, end));
      start = end;
    }
    return fragments;
  }
}
