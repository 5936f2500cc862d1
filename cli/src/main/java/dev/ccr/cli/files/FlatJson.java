package dev.ccr.cli.files;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/** Reads JSON that others write, of which few values are asked for. */
public final class FlatJson {

  private static final JsonFactory JSON = new JsonFactory();

  /** What items of arrays are called. */
  private static final String ITEM = "[]";

  private final Map<String, String> values = new HashMap<>();
  private final Deque<String> path = new ArrayDeque<>();

  private FlatJson() {}

  /**
   * Strings, numbers and truths by their paths, {@code model.display_name}; of the items of an
   * array, {@code model.names.[]}, the first.
   *
   * @throws IOException if it is not JSON
   */
  public static Map<String, String> read(byte[] json) throws IOException {
    FlatJson flat = new FlatJson();
    flat.parse(json);
    return flat.values;
  }

  /** The same of JSON that may break off, or be none: what there is. */
  public static Map<String, String> readWhatThereIs(byte[] json) {
    FlatJson flat = new FlatJson();
    try {
      flat.parse(json);
    } catch (IOException e) {
      // what has been read counts
    }
    return flat.values;
  }

  private void parse(byte[] json) throws IOException {
    try (JsonParser parser = JSON.createParser(json)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        switch (token) {
          case START_OBJECT, START_ARRAY -> path.addLast(name(parser));
          case END_OBJECT, END_ARRAY -> path.removeLast();
          case FIELD_NAME, VALUE_NULL -> {}
          default -> values.putIfAbsent(name(parser), parser.getText());
        }
      }
    }
  }

  /** The path of the current value. */
  private String name(JsonParser parser) throws IOException {
    if (path.isEmpty()) {
      return "";
    }
    String name = parser.currentName();
    String parent = path.getLast();
    return (parent.isEmpty() ? "" : parent + ".") + (name == null ? ITEM : name);
  }
}
