package dev.ccr.proxy.provider.openai;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a model's name tells about it: OpenAI's reasoning models refuse parameters that all others
 * take.
 *
 * @param reasons whether it is one of them
 * @param series the o series ({@code o1}, {@code o3}...), which knows fewer efforts
 * @param knowsNone whether its reasoning can be switched off
 * @param knowsExtraHigh whether it knows the effort {@code xhigh}
 * @param takesStop whether it takes stop sequences
 * @param takesParallel whether it takes {@code parallel_tool_calls}
 * @param caches whether it caches by {@code cache_control}, at upstreams that pass it on
 */
record ChatModel(
    boolean reasons,
    boolean series,
    boolean knowsNone,
    boolean knowsExtraHigh,
    boolean takesStop,
    boolean takesParallel,
    boolean caches) {

  private static final Pattern O_SERIES = Pattern.compile("o(\\d)(?![a-z\\d]).*");
  private static final Pattern GPT = Pattern.compile("gpt-(\\d{1,4})(?:\\.(\\d{1,4}))?(?!\\d).*");
  private static final Pattern CACHING =
      Pattern.compile(".*(?:^|[/_.-])(?:anthropic|claude|gemini|qwen).*");

  static ChatModel of(String model) {
    String whole = model.toLowerCase(Locale.ROOT);
    String name = whole.substring(whole.lastIndexOf('/') + 1);
    boolean caches = CACHING.matcher(whole).matches();
    Matcher series = O_SERIES.matcher(name);
    if (series.matches()) {
      boolean old = series.group(1).equals("1");
      return new ChatModel(true, true, false, false, old, false, caches);
    }
    Matcher gpt = GPT.matcher(name);
    if (gpt.matches() && !name.contains("-chat")) {
      int major = Integer.parseInt(gpt.group(1));
      int minor = gpt.group(2) == null ? 0 : Integer.parseInt(gpt.group(2));
      if (major >= 5) {
        boolean after5 = major > 5 || minor >= 1;
        boolean after51 = major > 5 || minor >= 2;
        return new ChatModel(true, false, after5, after51, false, true, caches);
      }
    }
    return new ChatModel(false, false, false, false, true, true, caches);
  }
}
