package dev.ccr.cli.log;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;

/**
 * Turns lines of the log file into what people read. A line that is no entry stays as it is: a full
 * disk leaves halves. For one thread.
 */
final class LogLine {

  private final JsonFactory factory = new JsonFactory();
  private final LogText text;

  LogLine(LogText text) {
    this.text = text;
  }

  /** Appends a line, with its line feed. */
  void append(String line, StringBuilder out) {
    int before = out.length();
    try {
      entry(line, out);
    } catch (IOException | DateTimeException e) {
      out.setLength(before);
      LogText.shown(line, out).append('\n');
    }
  }

  private void entry(String line, StringBuilder out) throws IOException {
    String time = "";
    String level = "";
    String logger = "";
    String message = "";
    String stack = "";
    try (JsonParser json = factory.createParser(line)) {
      json.nextToken();
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        json.nextToken();
        switch (name) {
          case JsonLines.TIME -> time = json.getValueAsString("");
          case JsonLines.LEVEL -> level = json.getValueAsString("");
          case JsonLines.LOGGER -> logger = json.getValueAsString("");
          case JsonLines.MESSAGE -> message = json.getValueAsString("");
          case JsonLines.STACK -> stack = json.getValueAsString("");
          default -> json.skipChildren();
        }
      }
      if (json.currentToken() != JsonToken.END_OBJECT) {
        throw new IOException("no object");
      }
    }
    text.append(Instant.parse(time), level, logger, message, stack, out);
  }
}
