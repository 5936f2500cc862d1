package dev.ccr.proxy.mock;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** The scalars of a JSON text by their JSON pointer. */
final class JsonLeaves {
  private static final JsonFactory FACTORY = new JsonFactory();

  private JsonLeaves() {}

  /** Fails on anything but one whole JSON value. */
  static Map<String, String> of(String json) throws IOException {
    Map<String, String> leaves = new LinkedHashMap<>();
    try (JsonParser parser = FACTORY.createParser(json)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (token.isScalarValue()) {
          leaves.put(parser.getParsingContext().pathAsPointer().toString(), parser.getText());
        }
      }
    }
    return leaves;
  }
}
