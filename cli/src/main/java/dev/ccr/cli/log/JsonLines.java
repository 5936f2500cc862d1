package dev.ccr.cli.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.encoder.EncoderBase;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.KeyValuePair;

/**
 * Entries as JSON, a line each: {@code time}, {@code level}, {@code logger}, {@code message}, the
 * entry's own fields, and {@code stack} if something was thrown. Logback's own encoder puts fields
 * into an array, all of them strings, and times into milliseconds.
 */
final class JsonLines extends EncoderBase<ILoggingEvent> {

  static final String TIME = "time";
  static final String LEVEL = "level";
  static final String LOGGER = "logger";
  static final String MESSAGE = "message";
  static final String STACK = "stack";

  private static final byte[] NOTHING = {};
  private static final DateTimeFormatter INSTANT =
      new DateTimeFormatterBuilder().appendInstant(3).toFormatter();

  private final JsonFactory factory = new JsonFactory();

  @Override
  public byte[] encode(ILoggingEvent event) {
    StringWriter line = new StringWriter(512);
    // To chars first: half a surrogate pair, which peers may send, has no bytes.
    try (JsonGenerator json = factory.createGenerator(line)) {
      json.writeStartObject();
      json.writeStringField(TIME, INSTANT.format(Instant.ofEpochMilli(event.getTimeStamp())));
      json.writeStringField(LEVEL, event.getLevel().levelStr);
      json.writeStringField(LOGGER, event.getLoggerName());
      json.writeStringField(MESSAGE, event.getFormattedMessage());
      List<KeyValuePair> fields = event.getKeyValuePairs();
      if (fields != null) {
        for (KeyValuePair field : fields) {
          json.writeFieldName(field.key);
          value(json, field.value);
        }
      }
      String stack = Stack.of(event);
      if (!stack.isEmpty()) {
        json.writeStringField(STACK, stack);
      }
      json.writeEndObject();
      json.writeRaw('\n');
    } catch (IOException e) {
      throw new UncheckedIOException("a writer to memory failed", e);
    }
    return line.toString().getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public byte[] headerBytes() {
    return NOTHING;
  }

  @Override
  public byte[] footerBytes() {
    return NOTHING;
  }

  private static void value(JsonGenerator json, @Nullable Object value) throws IOException {
    switch (value) {
      case Integer number -> json.writeNumber(number);
      case Long number -> json.writeNumber(number);
      case Double number -> json.writeNumber(number);
      case Boolean flag -> json.writeBoolean(flag);
      case null -> json.writeNull();
      default -> json.writeString(value.toString());
    }
  }
}
