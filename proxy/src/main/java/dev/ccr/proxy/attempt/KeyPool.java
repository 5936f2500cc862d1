package dev.ccr.proxy.attempt;

import dev.ccr.proxy.config.ApiKey;
import dev.ccr.proxy.config.CircuitSettings;
import dev.ccr.proxy.config.Secret;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The keys of one provider, which take turns by their weights, and those that are no good at the
 * moment miss theirs. A single key is never missed. All event loops share one pool, since limits are
 * the key's: the turns are worked out once, and a counter goes through them, so nobody waits.
 */
public final class KeyPool {

  /** There is no such key. */
  static final int NONE = -1;

  /** As many as there are bits to note which were tried. */
  static final int MAX_KEYS = Long.SIZE;

  private final List<PooledKey> keys;
  private final int[] turns;
  private final AtomicInteger turn = new AtomicInteger();
  private final CircuitSettings settings;

  /**
   * @param previous a pool whose keys keep their state here, if they are the same
   */
  KeyPool(List<ApiKey> given, CircuitSettings settings, @Nullable KeyPool previous) {
    if (given.isEmpty() || given.size() > MAX_KEYS) {
      throw new IllegalArgumentException(
          "keys: " + given.size() + " (expected: 1 to " + MAX_KEYS + ")");
    }
    this.settings = settings;
    keys = given.stream().map(key -> kept(key.secret(), previous)).toList();
    turns = turns(given.stream().mapToInt(ApiKey::weight).toArray());
  }

  private static PooledKey kept(Secret secret, @Nullable KeyPool previous) {
    if (previous != null) {
      for (PooledKey key : previous.keys) {
        if (key.secret().equals(secret)) {
          return key;
        }
      }
    }
    return new PooledKey(secret);
  }

  /**
   * The order of turns in one round: smooth weighted round robin, as nginx has it, so that a key of
   * weight 5 has its turns between the others' and not five in a row.
   */
  static int[] turns(int[] weights) {
    int total = 0;
    for (int weight : weights) {
      total += weight;
    }
    int[] order = new int[total];
    int[] current = new int[weights.length];
    for (int i = 0; i < total; i++) {
      int best = 0;
      for (int k = 0; k < weights.length; k++) {
        current[k] += weights[k];
        if (current[k] > current[best]) {
          best = k;
        }
      }
      current[best] -= total;
      order[i] = best;
    }
    return order;
  }

  /** How many keys there are, good or not. */
  public int size() {
    return keys.size();
  }

  /** How many could be used now. */
  public int ready(long nanoTime) {
    if (keys.size() == 1) {
      return 1;
    }
    int ready = 0;
    for (PooledKey key : keys) {
      ready += key.isReady(nanoTime) ? 1 : 0;
    }
    return ready;
  }

  /** The key whose turn it is, and of those that are no good the one that is good again first. */
  int next(long nanoTime) {
    int key = keys.size() == 1 ? 0 : other(nanoTime, 0);
    return key == NONE ? soonest(nanoTime) : key;
  }

  /**
   * The next key that is good.
   *
   * @param tried bits of keys that do not count
   * @return {@link #NONE} if there is none
   */
  int other(long nanoTime, long tried) {
    int start = Math.floorMod(turn.getAndIncrement(), turns.length);
    long seen = tried;
    long all = -1L >>> (Long.SIZE - keys.size());
    for (int i = 0; i < turns.length && (seen & all) != all; i++) {
      int key = turns[(start + i) % turns.length];
      if ((seen & (1L << key)) == 0 && keys.get(key).admits(nanoTime, settings)) {
        return key;
      }
      seen |= 1L << key;
    }
    return NONE;
  }

  private int soonest(long nanoTime) {
    int best = 0;
    for (int i = 1; i < keys.size(); i++) {
      if (keys.get(i).readyInNanos(nanoTime) < keys.get(best).readyInNanos(nanoTime)) {
        best = i;
      }
    }
    return best;
  }

  PooledKey get(int key) {
    return keys.get(key);
  }

  /** The key for a question beside the exchanges: whichever is next. */
  public Turn turn(long nanoTime) {
    return new Turn(next(nanoTime));
  }

  /** A key in use. */
  public final class Turn {

    private final int key;

    private Turn(int key) {
      this.key = key;
    }

    /** The key itself. */
    public Secret secret() {
      return keys.get(key).secret();
    }

    /** What the upstream answered to it. */
    public void answered(int status, long retryAfterNanos, long nanoTime) {
      note(key, status, retryAfterNanos, nanoTime);
    }
  }

  /** Notes what an answer says of a key: nothing, if it is the only one. */
  void note(int key, int status, long retryAfterNanos, long nanoTime) {
    if (keys.size() > 1) {
      switch (status) {
        case 401, 402 -> keys.get(key).refused(nanoTime);
        case 429 -> keys.get(key).limited(nanoTime, retryAfterNanos);
        default -> {}
      }
    }
  }
}
