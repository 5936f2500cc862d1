package dev.ccr.proxy.config;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The keys that one kind of object has. A key of a file is one of them if it differs in nothing but
 * case, underscores and hyphens. Immutable.
 */
record Keys(List<Key> all) {

  /** What becomes of a value. */
  enum Use {
    READ,
    /** Read, and shown in no message. */
    SECRET,
    /** Known from other routers, without effect here: a warning. */
    IGNORED,
    /** Of an editor, and none of our business. */
    PASSED_OVER
  }

  /**
   * A key.
   *
   * @param name as messages call it
   * @param reason why it is ignored; empty if it is not
   * @param others more spellings, those of other formats
   */
  record Key(String name, Use use, String reason, List<String> others) {

    private boolean matches(String normal) {
      return normal(name).equals(normal)
          || others.stream().anyMatch(other -> normal(other).equals(normal));
    }
  }

  Keys {
    all = List.copyOf(all);
  }

  Keys(Key... keys) {
    this(List.of(keys));
  }

  static Key read(String name, String... others) {
    return new Key(name, Use.READ, "", List.of(others));
  }

  static Key secret(String name, String... others) {
    return new Key(name, Use.SECRET, "", List.of(others));
  }

  static Key ignored(String reason, String name, String... others) {
    return new Key(name, Use.IGNORED, reason, List.of(others));
  }

  static Key passedOver(String name) {
    return new Key(name, Use.PASSED_OVER, "", List.of());
  }

  Keys and(Collection<Key> more) {
    List<Key> keys = new ArrayList<>(all);
    keys.addAll(more);
    return new Keys(keys);
  }

  /** The key that is spelled like this, or {@code null}. */
  @Nullable Key find(String spelled) {
    String normal = normal(spelled);
    for (Key key : all) {
      if (key.matches(normal)) {
        return key;
      }
    }
    return null;
  }

  /** All names and other spellings. */
  List<String> spellings() {
    List<String> spellings = new ArrayList<>();
    for (Key key : all) {
      spellings.add(key.name());
      spellings.addAll(key.others());
    }
    return spellings;
  }

  private static String normal(String key) {
    return key.toLowerCase(Locale.ROOT).replace("_", "").replace("-", "");
  }
}
