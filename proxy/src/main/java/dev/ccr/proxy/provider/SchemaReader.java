package dev.ccr.proxy.provider;

import dev.ccr.proxy.json.JsonCursor;
import dev.ccr.proxy.json.JsonSyntaxException;
import dev.ccr.proxy.json.Span;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads JSON schemas, one level at a time, and knows the definitions that they refer to. */
final class SchemaReader {

  /** Where definitions stand, at the top of a schema. */
  private static final List<String> DEFINITIONS = List.of("$defs", "definitions");

  private final JsonCursor at = new JsonCursor();
  private final JsonCursor name = new JsonCursor();

  /** By the references that name them. */
  private final Map<String, Span> definitions = new HashMap<>();

  SchemaReader(ByteBuffer body) {
    at.reset(body, 0, 0);
    name.reset(body, 0, 0);
  }

  /** Notes the definitions of a schema in place of the last one's. */
  void definitions(Span schema) throws JsonSyntaxException {
    definitions.clear();
    at.reset(schema.start(), schema.end());
    if (at.peek() != JsonCursor.Kind.OBJECT) {
      return;
    }
    at.enterObject();
    while (at.nextField()) {
      String where = key();
      if (DEFINITIONS.contains(where) && at.peek() == JsonCursor.Kind.OBJECT) {
        at.enterObject();
        while (at.nextField()) {
          definitions.put("#/" + where + "/" + key(), value());
        }
      } else {
        at.skipValue();
      }
    }
  }

  /** The schema that a reference means, or {@code null} if there is none. */
  @Nullable Span definition(String reference) {
    return definitions.get(reference);
  }

  /** Reads the top level of a schema; what is no object says nothing. */
  SchemaNode read(Span schema) throws JsonSyntaxException {
    SchemaNode node = new SchemaNode();
    at.reset(schema.start(), schema.end());
    if (at.peek() == JsonCursor.Kind.OBJECT) {
      at.enterObject();
      while (at.nextField()) {
        keyword(node);
      }
    }
    return node;
  }

  private void keyword(SchemaNode node) throws JsonSyntaxException {
    String key = key();
    JsonCursor.Kind kind = at.peek();
    switch (key) {
      case "type" -> types(node, kind);
      case "nullable" -> {
        node.nullable |= kind == JsonCursor.Kind.TRUE;
        at.skipValue();
      }
      case "format" -> node.format = text(kind);
      case "$ref" -> node.reference = text(kind);
      case "properties" -> {
        if (kind != JsonCursor.Kind.OBJECT) {
          at.skipValue();
          return;
        }
        at.enterObject();
        while (at.nextField()) {
          node.properties.put(key(), value());
        }
      }
      case "required" -> elements(kind, () -> addText(node.required));
      case "enum" -> elements(kind, () -> addValue(node));
      case "const" -> addValue(node);
      case "anyOf", "oneOf" -> elements(kind, () -> node.alternatives.add(value()));
      case "allOf" -> elements(kind, () -> node.parts.add(value()));
      default -> node.keywords.put(key, value());
    }
  }

  private void types(SchemaNode node, JsonCursor.Kind kind) throws JsonSyntaxException {
    if (kind == JsonCursor.Kind.ARRAY) {
      elements(kind, () -> type(node, text(at.peek())));
    } else {
      type(node, text(kind));
    }
    if (node.types.size() == 1) {
      node.type = node.types.removeFirst();
    }
  }

  private static void type(SchemaNode node, String type) {
    if (type.equals("null")) {
      node.nullable = true;
    } else if (!type.isEmpty()) {
      node.types.add(type);
    }
  }

  /** Something done with each element of an array. */
  private interface Element {
    void read() throws JsonSyntaxException;
  }

  private void elements(JsonCursor.Kind kind, Element element) throws JsonSyntaxException {
    if (kind != JsonCursor.Kind.ARRAY) {
      at.skipValue();
      return;
    }
    at.enterArray();
    while (at.nextElement()) {
      element.read();
    }
  }

  private void addText(Collection<String> texts) throws JsonSyntaxException {
    String text = text(at.peek());
    if (!text.isEmpty()) {
      texts.add(text);
    }
  }

  private void addValue(SchemaNode node) throws JsonSyntaxException {
    JsonCursor.Kind kind = at.peek();
    Span value = value();
    switch (kind) {
      case STRING -> {
        if (!value.isEmptyString()) {
          node.values.add(value);
        }
      }
      case NULL -> node.nullable = true;
      default -> node.otherValues = true;
    }
  }

  private String text(JsonCursor.Kind kind) throws JsonSyntaxException {
    at.skipValue();
    return kind == JsonCursor.Kind.STRING ? at.stringValue() : "";
  }

  private Span value() throws JsonSyntaxException {
    at.skipValue();
    Span span = new Span();
    span.set(at.valueStart(), at.valueEnd());
    return span;
  }

  private String key() throws JsonSyntaxException {
    name.reset(at.keyStart() - 1, at.keyEnd() + 1);
    name.readString();
    return name.stringValue();
  }
}
