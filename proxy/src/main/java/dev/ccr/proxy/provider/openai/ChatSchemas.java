package dev.ccr.proxy.provider.openai;

import static dev.ccr.proxy.json.JsonOut.ascii;

import dev.ccr.proxy.json.JsonCursor;
import dev.ccr.proxy.json.JsonSyntaxException;
import dev.ccr.proxy.json.Span;
import dev.ccr.proxy.json.Splices;
import java.nio.ByteBuffer;

/**
 * Input schemas as {@code parameters}: an object, with properties, without {@code $schema}. Only the
 * top level of a schema is looked at, where keys are keywords; below {@code properties} they are the
 * user's names.
 */
final class ChatSchemas {

  private static final byte[] EMPTY = ascii("{\"type\":\"object\",\"properties\":{}}");
  private static final byte[] TYPE = ascii("{\"type\":\"object\"");
  private static final byte[] PROPERTIES = ascii(",\"properties\":{}");

  private final JsonCursor at = new JsonCursor();

  ChatSchemas(ByteBuffer body) {
    at.reset(body, 0, 0);
  }

  /** Appends a schema; as it stands if nothing is to be mended. */
  void append(Span schema, Splices.Section out) throws JsonSyntaxException {
    if (!schema.isPresent()) {
      out.glue(EMPTY);
    } else if (isGood(schema)) {
      out.range(schema);
    } else {
      mend(schema, out);
    }
  }

  private boolean isGood(Span schema) throws JsonSyntaxException {
    boolean isObject = false;
    boolean hasProperties = false;
    boolean hasSchema = false;
    at.reset(schema.start(), schema.end());
    at.enterObject();
    while (at.nextField()) {
      JsonCursor.Kind kind = at.peek();
      at.skipValue();
      isObject |= at.keyIs("type") && kind == JsonCursor.Kind.STRING && at.stringIs("object");
      hasProperties |= at.keyIs("properties") && kind == JsonCursor.Kind.OBJECT;
      hasSchema |= at.keyIs("$schema");
    }
    return isObject && hasProperties && !hasSchema;
  }

  private void mend(Span schema, Splices.Section out) throws JsonSyntaxException {
    boolean hasProperties = false;
    out.glue(TYPE);
    at.reset(schema.start(), schema.end());
    at.enterObject();
    while (at.nextField()) {
      boolean isProperties = at.keyIs("properties");
      boolean dropped =
          at.keyIs("type")
              || at.keyIs("$schema")
              || (isProperties && at.peek() != JsonCursor.Kind.OBJECT);
      int keyStart = at.keyStart() - 1;
      at.skipValue();
      if (!dropped) {
        hasProperties |= isProperties;
        out.glue(',').range(keyStart, at.valueEnd());
      }
    }
    if (!hasProperties) {
      out.glue(PROPERTIES);
    }
    out.glue('}');
  }
}
