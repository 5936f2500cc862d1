package dev.ccr.proxy.json;

import java.util.Arrays;

/**
 * Decoded text that is used again for every event: a growing run of UTF-16 chars. Not thread-safe.
 */
public final class Chars {

  private static final char[] NONE = {};

  /** The least that an array has room for. */
  private static final int FEW = 64;

  /** A larger array is given back when its text is no longer needed. */
  private static final int KEPT_CAPACITY = 8192;

  private char[] array = NONE;
  private int length;

  /** The chars, valid from 0 to {@link #length()} until the next change. */
  public char[] array() {
    return array;
  }

  public int length() {
    return length;
  }

  public boolean isEmpty() {
    return length == 0;
  }

  public void append(char[] chars, int offset, int count) {
    ensureRoom(count);
    System.arraycopy(chars, offset, array, length, count);
    length += count;
  }

  public void append(Chars more) {
    append(more.array, 0, more.length);
  }

  public void append(String more) {
    ensureRoom(more.length());
    more.getChars(0, more.length(), array, length);
    length += more.length();
  }

  /**
   * Makes room for as many chars behind those that there are.
   *
   * @return the array, which holds them once {@link #setLength} has said so
   */
  char[] ensureRoom(int count) {
    int needed = Math.addExact(length, count);
    if (needed > array.length) {
      int twice = (int) Math.min(array.length * 2L, 1 << 30);
      array = Arrays.copyOf(array, Math.max(Math.max(needed, twice), FEW));
    }
    return array;
  }

  void setLength(int count) {
    length = count;
  }

  public void clear() {
    length = 0;
    if (array.length > KEPT_CAPACITY) {
      array = new char[KEPT_CAPACITY];
    }
  }

  /** Whether another has the same chars. */
  public boolean isSame(Chars other) {
    return Arrays.equals(array, 0, length, other.array, 0, other.length);
  }

  /** Whether this is exactly {@code text}, white space around it apart. */
  public boolean isText(String text) {
    return toString().strip().equals(text);
  }

  @Override
  public String toString() {
    return new String(array, 0, length);
  }
}
