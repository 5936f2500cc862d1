package dev.ccr.proxy.json;

/**
 * The containers that are open, one bit each: what a recursive parser keeps on its stack. The
 * array is made when it is needed: hardly any text is so deep.
 */
final class JsonNesting {
  static final int LIMIT = 512;

  private static final long[] NONE = {};

  private long outer; // the first 64
  private long[] inner = NONE;
  private int depth;

  int depth() {
    return depth;
  }

  boolean isFull() {
    return depth == LIMIT;
  }

  /** Whether the innermost open container is an object. */
  boolean inObject() {
    return depth > 0 && bit() != 0;
  }

  /** Whether the innermost open container is an array. */
  boolean inArray() {
    return depth > 0 && bit() == 0;
  }

  private long bit() {
    int innermost = depth - 1;
    long bits = innermost < Long.SIZE ? outer : inner[innermost / Long.SIZE - 1];
    return bits >>> innermost & 1;
  }

  /** Opens a container; must not be called when full. */
  void push(boolean object) {
    long bit = 1L << depth;
    if (depth < Long.SIZE) {
      outer = object ? outer | bit : outer & ~bit;
    } else {
      if (inner.length == 0) {
        inner = new long[LIMIT / Long.SIZE - 1];
      }
      int word = depth / Long.SIZE - 1;
      inner[word] = object ? inner[word] | bit : inner[word] & ~bit;
    }
    depth++;
  }

  /** Closes the innermost container; one must be open. */
  void pop() {
    depth--;
  }

  void clear() {
    depth = 0; // push() writes the bit either way
  }
}
