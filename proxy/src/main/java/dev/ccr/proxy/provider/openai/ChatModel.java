package dev.ccr.proxy.provider.openai;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a model's name tells about it: OpenAI's reasoning models refuse parameters that all others
 * take, and some models take what the others refuse.
 */
record ChatModel(Set<Trait> traits) {

  enum Trait {
    /** One of OpenAI's reasoning models. */
    REASONS,
    /** Its reasoning can be switched off. */
    KNOWS_NONE,
    /** Knows the effort {@code xhigh}. */
    KNOWS_EXTRA_HIGH,
    REFUSES_STOP,
    REFUSES_PARALLEL_TOOL_CALLS,
    /** Caches by {@code cache_control}, at upstreams that pass it on. */
    CACHES,
    /** Gemini 2.5 and later: thinks by degrees. */
    GEMINI_THINKS,
    /** Gemini 3 and later: refuses tool calls of its own without their signatures. */
    GEMINI_SIGNS,
    /** Kimi: names its calls {@code functions.NAME:NUMBER}, and goes on counting. */
    NUMBERS_CALLS,
    /** Searches the web, and takes options for it. */
    SEARCHES,
    /** Its name already asks the upstream to search the web. */
    ONLINE
  }

  private static final Pattern O_SERIES = Pattern.compile("o(\\d)(?![a-z\\d]).*");
  private static final Pattern GPT = Pattern.compile("gpt-(\\d{1,4})(?:\\.(\\d{1,4}))?(?!\\d).*");
  private static final Pattern GEMINI = Pattern.compile("gemini-(\\d{1,4})(?:\\.(\\d{1,4}))?(?!\\d).*");
  private static final Pattern SEARCHING = Pattern.compile("gpt.*-search-(?:preview|api).*");
  private static final Pattern CACHING =
      Pattern.compile(".*(?:^|[/_.-])(?:anthropic|claude|gemini|qwen).*");

  /** Names come from clients too. */
  private static final int MAX_KNOWN = 256;

  private static final Map<String, ChatModel> KNOWN = new ConcurrentHashMap<>();

  /** By its name as the upstream knows it. */
  static ChatModel of(String model) {
    ChatModel known = KNOWN.get(model);
    if (known == null) {
      known = read(model);
      if (KNOWN.size() >= MAX_KNOWN) {
        KNOWN.clear();
      }
      KNOWN.put(model, known);
    }
    return known;
  }

  private static ChatModel read(String model) {
    String whole = model.toLowerCase(Locale.ROOT);
    String name = whole.substring(whole.lastIndexOf('/') + 1);
    Set<Trait> traits = EnumSet.noneOf(Trait.class);
    if (CACHING.matcher(whole).matches()) {
      traits.add(Trait.CACHES);
    }
    addIf(whole.contains("kimi"), Trait.NUMBERS_CALLS, traits);
    if (name.endsWith(":online")) {
      traits.add(Trait.ONLINE);
    }
    Matcher series = O_SERIES.matcher(name);
    Matcher gpt = GPT.matcher(name);
    Matcher gemini = GEMINI.matcher(name);
    if (series.matches()) {
      traits.add(Trait.REASONS);
      traits.add(Trait.REFUSES_PARALLEL_TOOL_CALLS);
      if (!series.group(1).equals("1")) {
        traits.add(Trait.REFUSES_STOP);
      }
    } else if (SEARCHING.matcher(name).matches()) {
      traits.add(Trait.SEARCHES);
    } else if (gpt.matches() && isAtLeast(gpt, 5, 0) && !name.contains("-chat")) {
      traits.add(Trait.REASONS);
      traits.add(Trait.REFUSES_STOP);
      addIf(isAtLeast(gpt, 5, 1), Trait.KNOWS_NONE, traits);
      addIf(isAtLeast(gpt, 5, 2), Trait.KNOWS_EXTRA_HIGH, traits);
    } else if (gemini.matches()) {
      addIf(isAtLeast(gemini, 2, 5), Trait.GEMINI_THINKS, traits);
      addIf(isAtLeast(gemini, 3, 0), Trait.GEMINI_SIGNS, traits);
    }
    return new ChatModel(traits);
  }

  boolean has(Trait trait) {
    return traits.contains(trait);
  }

  private static void addIf(boolean condition, Trait trait, Set<Trait> traits) {
    if (condition) {
      traits.add(trait);
    }
  }

  private static boolean isAtLeast(Matcher version, int major, int minor) {
    int itsMajor = Integer.parseInt(version.group(1));
    int itsMinor = version.group(2) == null ? 0 : Integer.parseInt(version.group(2));
    return itsMajor > major || (itsMajor == major && itsMinor >= minor);
  }
}
