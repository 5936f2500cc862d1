package dev.ccr.proxy.provider.openai;

import static dev.ccr.proxy.json.JsonOut.ascii;

import dev.ccr.proxy.json.JsonCursor;
import dev.ccr.proxy.json.JsonSyntaxException;
import dev.ccr.proxy.json.Span;
import dev.ccr.proxy.json.Splices;
import dev.ccr.proxy.provider.OpenApiSchemas;
import dev.ccr.proxy.provider.openai.ChatProfile.Schemas;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Input schemas as {@code parameters}: an object, with properties, without {@code $schema}. Only the
 * top level of a schema is looked at, where keys are keywords; below {@code properties} they are the
 * user's names.
 */
final class ChatSchemas {

  private static final byte[] PARAMETERS = ascii(",\"parameters\":");
  private static final byte[] EMPTY = ascii("{\"type\":\"object\",\"properties\":{}}");
  private static final byte[] TYPE = ascii("{\"type\":\"object\"");
  private static final byte[] PROPERTIES = ascii(",\"properties\":");

  private final JsonCursor at = new JsonCursor();
  private final JsonCursor branch = new JsonCursor();
  private final Schemas taken;
  private final OpenApiSchemas openApi;
  private final SchemaTop top;

  ChatSchemas(ByteBuffer body, Schemas taken) {
    this.taken = taken;
    openApi = new OpenApiSchemas(body);
    top = new SchemaTop(taken == Schemas.PLAIN_TOP);
    at.reset(body, 0, 0);
    branch.reset(body, 0, 0);
  }

  /** Passes the schema of a tool, an object; {@link #append} is about it from now on. */
  void read(JsonCursor from) throws JsonSyntaxException {
    top.read(from);
  }

  /** The next tool has no schema so far. */
  void clear() {
    top.clear();
  }

  /** Appends the parameters that stand for a schema; as it is if nothing is to be mended. */
  void append(Splices.Section out) throws JsonSyntaxException {
    if (taken == Schemas.OPEN_API) {
      openApi.appendField(PARAMETERS, top.span(), out);
      return;
    }
    out.glue(PARAMETERS);
    if (!top.span().isPresent()) {
      out.glue(EMPTY);
    } else if (top.isGood()) {
      out.range(top.span());
    } else {
      mend(out);
    }
  }

  /** Appends a schema of ours, which everybody takes. */
  static void append(byte[] schema, Splices.Section out) {
    out.glue(PARAMETERS).glue(schema);
  }

  private void mend(Splices.Section out) throws JsonSyntaxException {
    Span properties = new Span();
    List<Span> alternatives = new ArrayList<>(0);
    out.glue(TYPE);
    for (int i = 0; i < top.size(); i++) {
      switch (top.fate(i)) {
        case KEPT -> out.glue(',').range(top.keyStart(i), top.valueEnd(i));
        case PROPERTIES -> properties.set(top.valueStart(i), top.valueEnd(i));
        case MERGED -> {
          at.reset(top.valueStart(i), top.valueEnd(i));
          addObjects(alternatives);
        }
        case DROPPED -> {}
      }
    }
    out.glue(PROPERTIES);
    if (!alternatives.isEmpty()) {
      merge(properties, alternatives, definitions(top.span()), out);
    } else if (properties.isPresent()) {
      out.range(properties);
    } else {
      out.glue('{').glue('}');
    }
    out.glue('}');
  }

  /** Appends the properties of all alternatives too, or the model would not know of them. */
  private void merge(
      Span properties, List<Span> alternatives, Map<String, Span> definitions, Splices.Section out)
      throws JsonSyntaxException {
    Set<String> names = new HashSet<>();
    out.glue('{');
    addProperties(properties, names, out);
    for (Span alternative : alternatives) {
      addProperties(propertiesOf(alternative, definitions), names, out);
    }
    out.glue('}');
  }

  private void addObjects(List<Span> objects) throws JsonSyntaxException {
    at.enterArray();
    while (at.nextElement()) {
      boolean isObject = at.peek() == JsonCursor.Kind.OBJECT;
      at.skipValue();
      if (isObject) {
        Span span = new Span();
        span.set(at.valueStart(), at.valueEnd());
        objects.add(span);
      }
    }
  }

  /** The properties of an object, or of the definition that it refers to. */
  private Span propertiesOf(Span schema, Map<String, Span> definitions)
      throws JsonSyntaxException {
    Span properties = new Span();
    String reference = "";
    at.reset(schema.start(), schema.end());
    at.enterObject();
    while (at.nextField()) {
      JsonCursor.Kind kind = at.peek();
      at.skipValue();
      if (at.keyIs("properties") && kind == JsonCursor.Kind.OBJECT) {
        properties.set(at.valueStart(), at.valueEnd());
      } else if (at.keyIs("$ref") && kind == JsonCursor.Kind.STRING) {
        reference = at.stringValue();
      }
    }
    Span definition = definitions.get(reference);
    return definition == null || properties.isPresent()
        ? properties
        : propertiesOf(definition, Map.of()); // one step: nobody chains references here
  }

  /** Where the definitions of a schema stand, by the references that name them. */
  private Map<String, Span> definitions(Span schema) throws JsonSyntaxException {
    Map<String, Span> definitions = new HashMap<>();
    at.reset(schema.start(), schema.end());
    at.enterObject();
    while (at.nextField()) {
      String where = at.keyIs("$defs") ? "$defs" : at.keyIs("definitions") ? "definitions" : "";
      if (where.isEmpty() || at.peek() != JsonCursor.Kind.OBJECT) {
        at.skipValue();
        continue;
      }
      at.enterObject();
      while (at.nextField()) {
        branch.reset(at.keyStart() - 1, at.keyEnd() + 1);
        branch.readString();
        boolean isObject = at.peek() == JsonCursor.Kind.OBJECT;
        at.skipValue();
        if (isObject) {
          Span span = new Span();
          span.set(at.valueStart(), at.valueEnd());
          definitions.put("#/" + where + "/" + branch.stringValue(), span);
        }
      }
    }
    return definitions;
  }

  /** Appends the members of an object whose names have not come yet. */
  private void addProperties(Span object, Set<String> names, Splices.Section out)
      throws JsonSyntaxException {
    if (!object.isPresent()) {
      return;
    }
    at.reset(object.start(), object.end());
    at.enterObject();
    while (at.nextField()) {
      int keyStart = at.keyStart() - 1;
      branch.reset(keyStart, at.keyEnd() + 1);
      branch.readString();
      at.skipValue();
      boolean first = names.isEmpty();
      if (names.add(branch.stringValue())) {
        (first ? out : out.glue(',')).range(keyStart, at.valueEnd());
      }
    }
  }
}
