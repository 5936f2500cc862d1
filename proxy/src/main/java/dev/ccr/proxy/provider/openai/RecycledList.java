package dev.ccr.proxy.provider.openai;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** A list whose elements are used again after it has been cleared. */
final class RecycledList<T> {

  private final List<T> elements = new ArrayList<>(0);
  private final Supplier<T> maker;
  private int size;

  RecycledList(Supplier<T> maker) {
    this.maker = maker;
  }

  int size() {
    return size;
  }

  T get(int i) {
    return elements.get(i);
  }

  T last() {
    return elements.get(size - 1);
  }

  /** A new last element, in whatever state it was left. */
  T add() {
    if (size == elements.size()) {
      elements.add(maker.get());
    }
    return elements.get(size++);
  }

  void clear() {
    size = 0;
  }
}
