package dev.ccr.proxy.tokens;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Remembers how many tokens texts have, so that of a conversation that comes again with every
 * turn only what is new is counted. The entries used longest ago make room for others.
 *
 * <p>A map of the JDK under one lock: the counting threads are two at most and hold it for some
 * ten nanoseconds a text, which a concurrent cache would not repay as another library to trust.
 * Thread-safe.
 */
final class TokenCache {

  /** What {@link #get} returns for a text that is not known. */
  static final int UNKNOWN = -1;

  private final Entries entries;

  /** @param capacity texts it keeps, about 130 bytes each */
  TokenCache(int capacity) {
    entries = new Entries(capacity);
  }

  synchronized int get(TextKey key) {
    Integer tokens = entries.get(key);
    return tokens == null ? UNKNOWN : tokens;
  }

  synchronized void put(TextKey key, int tokens) {
    entries.put(key, tokens);
  }

  private static final class Entries extends LinkedHashMap<TextKey, Integer> {

    private final int capacity;

    Entries(int capacity) {
      super(16, 0.75f, true);
      this.capacity = capacity;
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<TextKey, Integer> eldest) {
      return size() > capacity;
    }
  }
}
