package dev.ccr.proxy.json;

/** The containers that are open, one bit each: what a recursive parser keeps on its stack. */
final class JsonNesting {
  static final int LIMIT = 512;

  private final long[] objects = new long[LIMIT / Long.SIZE];
  private int depth;

  int depth() {
    return depth;
  }

  boolean isFull() {
    return depth == LIMIT;
  }

  /** Whether the innermost open container is an object. */
  boolean inObject() {
    return depth > 0 && (objects[(depth - 1) / Long.SIZE] >>> (depth - 1) & 1) != 0;
  }

  /** Whether the innermost open container is an array. */
  boolean inArray() {
    return depth > 0 && (objects[(depth - 1) / Long.SIZE] >>> (depth - 1) & 1) == 0;
  }

  /** Opens a container; must not be called when full. */
  void push(boolean object) {
    long bit = 1L << depth;
    if (object) {
      objects[depth / Long.SIZE] |= bit;
    } else {
      objects[depth / Long.SIZE] &= ~bit;
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
