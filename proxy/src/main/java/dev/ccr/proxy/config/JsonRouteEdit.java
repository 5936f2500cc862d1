package dev.ccr.proxy.config;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.ccr.proxy.model.Scenario;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Finds where a JSON text says the model of a scenario, or where it may. One a text. */
final class JsonRouteEdit {
  private final String text;
  private final String key;
  private final String quoted;

  /** @param quoted the model, as JSON */
  JsonRouteEdit(String text, Scenario scenario, String quoted) {
    this.text = text;
    this.key = scenario.key();
    this.quoted = quoted;
  }

  /**
   * The edit that says it.
   *
   * @return {@code null} if the text has no place for it
   * @throws IOException if it is not JSON
   */
  @Nullable TextEdit find() throws IOException {
    try (JsonParser parser = JsonTree.FACTORY.createParser(text)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return null;
      }
      String router = "\"Router\": {\"" + key + "\": " + quoted + "}";
      TextEdit added = added(parser, KnownKeys.ROOT, "Router", router);
      if (added != null) {
        return added;
      }
      if (parser.currentToken() != JsonToken.START_OBJECT) {
        return replaced(parser, "{\"" + key + "\": " + quoted + "}"); // null
      }
      added = added(parser, KnownKeys.ROUTER, key, "\"" + key + "\": " + quoted);
      return added == null ? replaced(parser, quoted) : added;
    }
  }

  /**
   * Looks for a key in the object that has just begun.
   *
   * @return where to add it; {@code null} if it is there, and its value is the current token
   */
  private @Nullable TextEdit added(JsonParser parser, Keys keys, String name, String member)
      throws IOException {
    int behindBrace = (int) parser.currentLocation().getCharOffset();
    int first = -1;
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      if (first < 0) {
        first = (int) parser.currentTokenLocation().getCharOffset();
      }
      Keys.Key found = keys.find(parser.currentName());
      parser.nextToken();
      if (found != null && found.name().equals(name)) {
        return null;
      }
      parser.skipChildren();
    }
    return first < 0
        ? TextEdit.insert(behindBrace, member)
        : TextEdit.insert(behindBrace, TextEdit.separator(text, first) + member + ",");
  }

  private static TextEdit replaced(JsonParser parser, String replacement) throws IOException {
    int start = (int) parser.currentTokenLocation().getCharOffset();
    parser.finishToken();
    return new TextEdit(start, (int) parser.currentLocation().getCharOffset(), replacement);
  }
}
