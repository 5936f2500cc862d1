package dev.ccr.proxy.provider;

import static dev.ccr.proxy.json.JsonOut.ascii;

import dev.ccr.proxy.json.JsonSyntaxException;
import dev.ccr.proxy.json.Span;
import dev.ccr.proxy.json.Splices;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * JSON schemas in the words of OpenAPI 3.0, for upstreams that answer 400 to any other keyword.
 * Only keywords are looked at; the names under {@code properties} are the user's. What has no
 * counterpart is left out: the schema then allows more than it did, never less.
 *
 * @see <a href="https://ai.google.dev/api/caching#Schema">Gemini API, Schema</a>
 */
public final class OpenApiSchemas {

  /** Copied as they are, wherever they stand. */
  private static final List<String> COPIED =
      List.of(
          "title", "description", "minItems", "maxItems", "minProperties", "maxProperties",
          "minLength", "maxLength", "minimum", "maximum", "pattern", "default", "example");

  private static final Map<String, Set<String>> FORMATS =
      Map.of(
          "string", Set.of("enum", "date-time"),
          "integer", Set.of("int32", "int64"),
          "number", Set.of("float", "double"));

  private static final byte[] STRINGS = ascii("\"items\":{\"type\":\"string\"}");
  private static final byte[] OBJECT = ascii("{\"type\":\"object\"}");

  /** What is deeper is an object of any kind: nobody writes such schemas by hand. */
  private static final int MAX_DEPTH = 32;

  /**
   * Likewise once so many bytes of a request's schemas have been read, or written: references could
   * make small schemas grow without end. Far beyond what any client sends.
   */
  private static final int MAX_BYTES = 4 << 20;

  /** About what a schema takes beside its own words. */
  private static final int NODE_BYTES = 64;

  private final SchemaReader reader;
  private int read;
  private int written;

  /** @param body holds the schemas; borrowed */
  public OpenApiSchemas(ByteBuffer body) {
    reader = new SchemaReader(body);
  }

  /**
   * Appends the schema of a tool's input behind {@code field}, the beginning of a member. Nothing is
   * appended if it has no properties: an object without any is refused too.
   */
  public void appendField(byte[] field, Span schema, Splices.Section out)
      throws JsonSyntaxException {
    if (!schema.isPresent()) {
      return;
    }
    reader.definitions(schema);
    SchemaNode root = read(schema, Set.of(), 0);
    for (Span alternative : root.alternatives) { // or the model would not know of its properties
      read(alternative, root.path, 0).properties.forEach(root.properties::putIfAbsent);
    }
    if (!root.properties.isEmpty()) {
      root.withoutChoices().type = "object";
      write(root, out.glue(field), 0);
    }
  }

  private void write(SchemaNode node, Splices.Section out, int depth) throws JsonSyntaxException {
    if (depth > MAX_DEPTH || written > MAX_BYTES) {
      out.glue(OBJECT);
      return;
    }
    List<SchemaNode> choices = choices(node, depth);
    if (choices.size() == 1) { // anyOf a type and null
      SchemaNode only = choices.getFirst();
      only.nullable |= node.nullable;
      only.addMissing(node.withoutChoices());
      write(only, out, depth + 1);
      return;
    }
    written += NODE_BYTES;
    Fields fields = new Fields(out);
    String type = node.typeOrGuess();
    if (!type.isEmpty() && choices.isEmpty()) {
      fields.next("type").string(type);
    }
    if (node.nullable) {
      fields.next("nullable").glue(ascii("true"));
    }
    for (String keyword : COPIED) {
      Span value = node.keywords.get(keyword);
      if (value != null) {
        written += value.end() - value.start();
        fields.next(keyword).range(value);
      }
    }
    if (FORMATS.getOrDefault(type, Set.of()).contains(node.format)) {
      fields.next("format").string(node.format);
    }
    if (type.equals("string") && node.enumerates()) {
      values(node.values, fields.next("enum"));
    }
    if (!choices.isEmpty()) {
      list(choices, fields.next("anyOf"), depth);
    } else if (type.equals("array")) {
      items(node, fields, depth);
    }
    if (!node.properties.isEmpty()) {
      properties(node, fields, depth);
    }
    fields.end();
  }

  private void items(SchemaNode node, Fields fields, int depth) throws JsonSyntaxException {
    Span items = node.keywords.get("items");
    if (items == null) {
      fields.next().glue(STRINGS);
    } else {
      write(read(items, node.path, depth), fields.next("items"), depth + 1);
    }
  }

  private void properties(SchemaNode node, Fields fields, int depth) throws JsonSyntaxException {
    Splices.Section out = fields.next("properties");
    char before = '{';
    for (Map.Entry<String, Span> property : node.properties.entrySet()) {
      out.glue(before).string(property.getKey()).glue(':');
      write(read(property.getValue(), node.path, depth), out, depth + 1);
      before = ',';
    }
    out.glue('}');
    List<String> required = new ArrayList<>(node.required);
    required.retainAll(node.properties.keySet());
    if (!required.isEmpty()) {
      Splices.Section names = fields.next("required");
      before = '[';
      for (String name : required) {
        names.glue(before).string(name);
        before = ',';
      }
      names.glue(']');
    }
  }

  private void list(List<SchemaNode> nodes, Splices.Section out, int depth)
      throws JsonSyntaxException {
    char before = '[';
    for (SchemaNode node : nodes) {
      write(node, out.glue(before), depth + 1);
      before = ',';
    }
    out.glue(']');
  }

  /** An enumeration is of strings: one with anything else in it is left out. */
  private static void values(List<Span> values, Splices.Section out) {
    char before = '[';
    for (Span value : values) {
      out.glue(before).range(value);
      before = ',';
    }
    out.glue(']');
  }

  /** The alternatives of a node but for {@code null}, which makes it nullable. */
  private List<SchemaNode> choices(SchemaNode node, int depth) throws JsonSyntaxException {
    List<SchemaNode> choices = new ArrayList<>();
    for (Span branch : node.alternatives) {
      SchemaNode choice = read(branch, node.path, depth);
      if (choice.isNull()) {
        node.nullable = true;
      } else {
        choices.add(choice);
      }
    }
    for (String type : node.types) {
      SchemaNode choice = new SchemaNode();
      choice.type = type;
      Span items = node.keywords.get("items");
      if (items != null) {
        choice.keywords.put("items", items);
      }
      choices.add(choice);
    }
    return choices;
  }

  /** Reads a schema, follows its reference and merges what {@code allOf} holds. */
  private SchemaNode read(Span schema, Set<String> path, int depth) throws JsonSyntaxException {
    read += schema.end() - schema.start();
    if (read > MAX_BYTES) {
      SchemaNode anything = new SchemaNode();
      anything.typeIfNone("object");
      return anything;
    }
    SchemaNode node = reader.read(schema);
    node.path = path;
    if (!node.reference.isEmpty()) {
      Span target = reader.definition(node.reference);
      if (target == null || depth > MAX_DEPTH || path.contains(node.reference)) {
        node.typeIfNone("object");
      } else {
        node.path = with(path, node.reference);
        node.addMissing(read(target, node.path, depth + 1));
      }
    }
    if (depth <= MAX_DEPTH) {
      for (Span part : node.parts) {
        node.addMissing(read(part, node.path, depth + 1));
      }
    }
    return node;
  }

  private static Set<String> with(Set<String> path, String reference) {
    Set<String> longer = new HashSet<>(path);
    longer.add(reference);
    return longer;
  }

  /** Members of the object that is being written. */
  private static final class Fields {
    private final Splices.Section out;
    private char before = '{';

    Fields(Splices.Section out) {
      this.out = out;
    }

    Splices.Section next(String name) {
      return next().string(name).glue(':');
    }

    Splices.Section next() {
      out.glue(before);
      before = ',';
      return out;
    }

    void end() {
      if (before == '{') {
        out.glue('{');
      }
      out.glue('}');
    }
  }
}
