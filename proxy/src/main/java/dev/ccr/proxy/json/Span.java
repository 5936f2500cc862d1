package dev.ccr.proxy.json;

/** Where a value stands in a text, or that there is none. Used again; not thread-safe. */
public final class Span {

  private int start = -1;
  private int end = -1;

  /** Offset of the first byte; strings begin with their quote. */
  public int start() {
    return start;
  }

  /** Offset behind the last byte. */
  public int end() {
    return end;
  }

  public boolean isPresent() {
    return start >= 0;
  }

  /** Whether the span is a string without content. */
  public boolean isEmptyString() {
    return end - start == 2;
  }

  public void set(int start, int end) {
    this.start = start;
    this.end = end;
  }

  public void clear() {
    set(-1, -1);
  }
}
