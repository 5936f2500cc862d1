package dev.ccr.proxy.provider;

import dev.ccr.proxy.json.Span;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What one JSON schema says, with its parts as places in the text they stand in. */
final class SchemaNode {

  /** The only type, or empty. */
  String type = "";

  /** Its types if there are several; {@code null} is not among them. */
  final List<String> types = new ArrayList<>(0);

  boolean nullable;
  String format = "";
  String reference = "";

  /** Keywords that need no understanding, and {@code items}. */
  final Map<String, Span> keywords = new HashMap<>();

  final Map<String, Span> properties = new LinkedHashMap<>();
  final Set<String> required = new LinkedHashSet<>();

  /** The strings of {@code enum} and {@code const}. */
  final List<Span> values = new ArrayList<>(0);

  /** Whether numbers are among the values, or anything else that is neither string nor null. */
  boolean otherValues;

  /** The schemas of {@code anyOf} and {@code oneOf}. */
  final List<Span> alternatives = new ArrayList<>(0);

  /** References that were followed on the way here: one that comes back has no end. */
  Set<String> path = Set.of();

  /** The schemas of {@code allOf}. */
  final List<Span> parts = new ArrayList<>(0);

  boolean isNull() {
    return type.isEmpty() && types.isEmpty() && nullable && alternatives.isEmpty();
  }

  void typeIfNone(String other) {
    if (type.isEmpty() && types.isEmpty()) {
      type = other;
    }
  }

  /** The type, or the one that the other keywords are for, or empty. */
  String typeOrGuess() {
    if (!type.isEmpty()) {
      return type;
    }
    if (!properties.isEmpty()) {
      return "object";
    }
    if (keywords.containsKey("items")) {
      return "array";
    }
    return enumerates() ? "string" : "";
  }

  /** Whether the values are all the strings that there may be. */
  boolean enumerates() {
    return !values.isEmpty() && !otherValues;
  }

  /** The same without its alternatives, once they are dealt with. */
  SchemaNode withoutChoices() {
    alternatives.clear();
    types.clear();
    return this;
  }

  /** Takes over what another schema says and this one does not. */
  void addMissing(SchemaNode other) {
    if (type.isEmpty() && types.isEmpty()) {
      type = other.type;
      types.addAll(other.types);
    }
    format = format.isEmpty() ? other.format : format;
    nullable |= other.nullable;
    other.keywords.forEach(keywords::putIfAbsent);
    other.properties.forEach(properties::putIfAbsent);
    required.addAll(other.required);
    if (values.isEmpty() && !otherValues) {
      values.addAll(other.values);
      otherValues = other.otherValues;
    }
    if (alternatives.isEmpty()) {
      alternatives.addAll(other.alternatives);
    }
  }
}
