package dev.ccr.proxy.claude;

import com.fasterxml.jackson.core.JsonToken;
import dev.ccr.proxy.json.JsonFeed;
import dev.ccr.proxy.model.MalformedStreamException;
import dev.ccr.proxy.model.Usage;

/**
 * Reads the type and the token figures of Claude messages and events, from tokens that may stop
 * coming anywhere: {@code type}, {@code usage} and {@code message.usage}. Figures of later events
 * replace earlier ones, since they are cumulative.
 */
public final class UsageReader {

  private enum Place {
    OUTSIDE,
    TOP,
    MESSAGE,
    TOP_USAGE,
    MESSAGE_USAGE
  }

  private final Usage usage = new Usage();
  private Place place = Place.OUTSIDE;
  private int unknownDepth;
  private String type = "";

  public Usage usage() {
    return usage;
  }

  /** The {@code type} of the value read last, or empty. */
  public String type() {
    return type;
  }

  /** Forgets a value that did not come to its end; its figures stay. */
  public void reset() {
    place = Place.OUTSIDE;
    unknownDepth = 0;
    type = "";
  }

  /** Reads what {@code feed} has been fed. */
  public void drain(JsonFeed feed) throws MalformedStreamException {
    for (JsonToken token = feed.next();
        token != JsonToken.NOT_AVAILABLE;
        token = feed.next()) {
      read(token, feed);
    }
  }

  private void read(JsonToken token, JsonFeed feed) throws MalformedStreamException {
    switch (token) {
      case START_OBJECT -> start(feed);
      case START_ARRAY -> unknownDepth++;
      case END_OBJECT, END_ARRAY -> end();
      case VALUE_STRING -> {
        if (unknownDepth == 0 && place == Place.TOP && feed.name().equals("type")) {
          type = feed.string();
        }
      }
      case VALUE_NUMBER_INT -> {
        if (unknownDepth == 0 && (place == Place.TOP_USAGE || place == Place.MESSAGE_USAGE)) {
          figure(feed);
        }
      }
      default -> {}
    }
  }

  private void start(JsonFeed feed) throws MalformedStreamException {
    if (unknownDepth > 0) {
      unknownDepth++;
    } else if (place == Place.OUTSIDE) {
      place = Place.TOP;
      type = "";
    } else if (place == Place.TOP && feed.name().equals("message")) {
      place = Place.MESSAGE;
    } else if (place == Place.TOP && feed.name().equals("usage")) {
      place = Place.TOP_USAGE;
    } else if (place == Place.MESSAGE && feed.name().equals("usage")) {
      place = Place.MESSAGE_USAGE;
    } else {
      unknownDepth++;
    }
  }

  private void end() {
    if (unknownDepth > 0) {
      unknownDepth--;
      return;
    }
    place =
        switch (place) {
          case MESSAGE, TOP_USAGE -> Place.TOP;
          case MESSAGE_USAGE -> Place.MESSAGE;
          case TOP, OUTSIDE -> Place.OUTSIDE;
        };
  }

  private void figure(JsonFeed feed) throws MalformedStreamException {
    switch (feed.name()) {
      case "input_tokens" -> usage.inputTokens = feed.integer();
      case "output_tokens" -> usage.outputTokens = feed.integer();
      case "cache_read_input_tokens" -> usage.cacheReadTokens = feed.integer();
      case "cache_creation_input_tokens" -> usage.cacheCreationTokens = feed.integer();
      default -> {}
    }
  }
}
