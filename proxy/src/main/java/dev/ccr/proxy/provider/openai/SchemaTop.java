package dev.ccr.proxy.provider.openai;

import dev.ccr.proxy.json.JsonCursor;
import dev.ccr.proxy.json.JsonSyntaxException;
import dev.ccr.proxy.json.Span;
import java.util.Arrays;

/**
 * The top level of an input schema, noted while a cursor passes it, since schemas are the largest
 * part of many requests: where keys are keywords, and what becomes of each. Used again for the next
 * schema; not thread-safe.
 */
final class SchemaTop {

  /** What becomes of a field. */
  enum Fate {
    KEPT,
    /** It is said anew, or not at all. */
    DROPPED,
    /** An object: its fields are the properties. */
    PROPERTIES,
    /** An array of schemas whose properties are merged with the others. */
    MERGED
  }

  /** What OpenAI refuses at the top of a schema. */
  private static final String[] COMBINING = {"anyOf", "oneOf", "allOf", "not", "enum"};

  private static final int FIELDS = 8;

  private final boolean mayNotCombine;
  private final Span span = new Span();
  private Fate[] fates = new Fate[FIELDS];

  /** Of each field three offsets: of its name's quote, of its value, and behind that. */
  private int[] offsets = new int[3 * FIELDS];

  private int size;
  private boolean isObject;
  private boolean hasProperties;
  private boolean refused;

  /** @param mayNotCombine whether a schema that combines others is refused */
  SchemaTop(boolean mayNotCombine) {
    this.mayNotCombine = mayNotCombine;
  }

  /** There is no schema (yet). */
  void clear() {
    span.clear();
    size = 0;
    isObject = false;
    hasProperties = false;
    refused = false;
  }

  /** Passes an object, and notes it. */
  void read(JsonCursor at) throws JsonSyntaxException {
    clear();
    int start = at.position();
    at.enterObject();
    while (at.nextField()) {
      int key = at.keyStart() - 1;
      JsonCursor.Kind kind = at.peek();
      at.skipValue();
      add(fate(at, kind), key, at.valueStart(), at.valueEnd());
    }
    span.set(start, at.position());
  }

  /** Where the schema stands; there may be none. */
  Span span() {
    return span;
  }

  /** Whether it may go as it is. */
  boolean isGood() {
    return isObject && hasProperties && !refused;
  }

  /** How many fields there are. */
  int size() {
    return size;
  }

  Fate fate(int field) {
    return fates[field];
  }

  /** Offset of the first byte of a field, which is its name's quote. */
  int keyStart(int field) {
    return offsets[3 * field];
  }

  int valueStart(int field) {
    return offsets[3 * field + 1];
  }

  /** Offset behind a field. */
  int valueEnd(int field) {
    return offsets[3 * field + 2];
  }

  private Fate fate(JsonCursor at, JsonCursor.Kind kind) {
    if (at.keyIs("type")) {
      isObject |= kind == JsonCursor.Kind.STRING && at.stringIs("object");
      return Fate.DROPPED;
    }
    if (at.keyIs("properties")) {
      hasProperties |= kind == JsonCursor.Kind.OBJECT;
      return kind == JsonCursor.Kind.OBJECT ? Fate.PROPERTIES : Fate.DROPPED;
    }
    if (at.keyIs("$schema")) {
      refused = true;
      return Fate.DROPPED;
    }
    if (mayNotCombine && isCombining(at)) {
      refused = true;
      return kind == JsonCursor.Kind.ARRAY ? Fate.MERGED : Fate.DROPPED;
    }
    return Fate.KEPT;
  }

  private static boolean isCombining(JsonCursor at) {
    for (String keyword : COMBINING) {
      if (at.keyIs(keyword)) {
        return true;
      }
    }
    return false;
  }

  private void add(Fate fate, int keyStart, int valueStart, int valueEnd) {
    if (size == fates.length) {
      fates = Arrays.copyOf(fates, 2 * size);
      offsets = Arrays.copyOf(offsets, 6 * size);
    }
    fates[size] = fate;
    offsets[3 * size] = keyStart;
    offsets[3 * size + 1] = valueStart;
    offsets[3 * size + 2] = valueEnd;
    size++;
  }
}
