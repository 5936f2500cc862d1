package dev.ccr.proxy.provider.openai;

import com.fasterxml.jackson.core.JsonToken;
import dev.ccr.proxy.json.Chars;
import dev.ccr.proxy.json.JsonFeed;
import dev.ccr.proxy.model.MalformedStreamException;

/**
 * Fills a {@link ChatChunk} from tokens that may stop coming anywhere. Unknown fields, and values
 * of another kind than expected, are passed over.
 */
final class ChatChunkReader {

  private static final int MAX_KNOWN_DEPTH = 8;

  /** Which known object or array the tokens are in. */
  private enum Place {
    OUTSIDE,
    CHUNK,
    CHOICES,
    CHOICE,
    DELTA,
    CALLS,
    CALL,
    FUNCTION,
    USAGE,
    PROMPT_DETAILS,
    ERROR
  }

  private final ChatChunk chunk;
  private final Place[] enclosing = new Place[MAX_KNOWN_DEPTH];
  private int depth;
  private Place place = Place.OUTSIDE;

  /** How many containers deep the tokens are in something unknown. */
  private int unknownDepth;

  ChatChunkReader(ChatChunk chunk) {
    this.chunk = chunk;
  }

  /**
   * Reads one token.
   *
   * @return {@code true} if it was the last of a chunk
   */
  boolean read(JsonToken token, JsonFeed feed) throws MalformedStreamException {
    switch (token) {
      case START_OBJECT -> start(objectIn(feed));
      case START_ARRAY -> start(arrayIn(feed));
      case END_OBJECT, END_ARRAY -> {
        return end();
      }
      case VALUE_STRING -> {
        if (unknownDepth == 0) {
          string(feed);
        }
      }
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> {
        if (unknownDepth == 0) {
          number(feed);
        }
      }
      default -> {} // names are asked for with their values; true, false and null say nothing here
    }
    return false;
  }

  private Place objectIn(JsonFeed feed) throws MalformedStreamException {
    if (unknownDepth > 0) {
      return Place.OUTSIDE;
    }
    return switch (place) {
      case OUTSIDE -> Place.CHUNK;
      case CHUNK ->
          switch (feed.name()) {
            case "usage" -> beginUsage();
            case "error" -> beginError();
            default -> Place.OUTSIDE;
          };
      case CHOICES -> beginChoice();
      case CHOICE ->
          switch (feed.name()) {
            case "delta", "message" -> Place.DELTA;
            default -> Place.OUTSIDE;
          };
      case DELTA ->
          feed.name().equals("function_call") ? beginCall(0, Place.FUNCTION) : Place.OUTSIDE;
      case CALLS -> beginCall(-1, Place.CALL);
      case CALL -> feed.name().equals("function") ? Place.FUNCTION : Place.OUTSIDE;
      case FUNCTION -> {
        if (feed.name().equals("arguments")) {
          throw new MalformedStreamException(
              "the upstream sent tool arguments as an object (expected: a string of JSON)");
        }
        yield Place.OUTSIDE;
      }
      case USAGE ->
          feed.name().equals("prompt_tokens_details") ? Place.PROMPT_DETAILS : Place.OUTSIDE;
      default -> Place.OUTSIDE;
    };
  }

  private Place arrayIn(JsonFeed feed) throws MalformedStreamException {
    if (unknownDepth > 0) {
      return Place.OUTSIDE;
    }
    return switch (place) {
      case CHUNK -> feed.name().equals("choices") ? Place.CHOICES : Place.OUTSIDE;
      case DELTA -> feed.name().equals("tool_calls") ? Place.CALLS : Place.OUTSIDE;
      default -> Place.OUTSIDE;
    };
  }

  private Place beginUsage() {
    chunk.hasUsage = true;
    return Place.USAGE;
  }

  private Place beginError() {
    chunk.hasError = true;
    return Place.ERROR;
  }

  private Place beginChoice() {
    if (chunk.hasChoice) {
      return Place.OUTSIDE; // the first is enough: no more are asked for
    }
    chunk.hasChoice = true;
    return Place.CHOICE;
  }

  private Place beginCall(int index, Place next) {
    chunk.addCall().index = index;
    return next;
  }

  private void start(Place next) throws MalformedStreamException {
    if (next == Place.OUTSIDE) {
      unknownDepth++;
      return;
    }
    if (depth == MAX_KNOWN_DEPTH) { // cannot be: known places do not nest deeper
      throw new MalformedStreamException("the upstream sent a chunk nested too deeply");
    }
    enclosing[depth++] = place;
    place = next;
  }

  private boolean end() {
    if (unknownDepth > 0) {
      unknownDepth--;
      return false;
    }
    if (place == Place.CHOICE && chunk.choiceIndex != 0) {
      chunk.clearChoice();
    }
    place = enclosing[--depth];
    return place == Place.OUTSIDE;
  }

  private void string(JsonFeed feed) throws MalformedStreamException {
    switch (place) {
      case CHUNK -> {
        switch (feed.name()) {
          case "id" -> chunk.id = chunk.id.isEmpty() ? feed.string() : chunk.id;
          case "model" -> chunk.model = chunk.model.isEmpty() ? feed.string() : chunk.model;
          case "error" -> {
            chunk.hasError = true;
            chunk.errorMessage = feed.string();
          }
          default -> {}
        }
      }
      case CHOICE -> {
        if (feed.name().equals("finish_reason")) {
          chunk.finishReason = feed.string();
        }
      }
      case DELTA -> {
        if (feed.name().equals("content")) {
          replace(chunk.content, feed);
        }
      }
      case CALL -> {
        if (feed.name().equals("id")) {
          chunk.lastCall().id = feed.string();
        }
      }
      case FUNCTION -> {
        switch (feed.name()) {
          case "name" -> chunk.lastCall().name = feed.string();
          case "arguments" -> replace(chunk.lastCall().arguments, feed);
          default -> {}
        }
      }
      case ERROR -> {
        switch (feed.name()) {
          case "message" -> chunk.errorMessage = feed.string();
          case "code" -> chunk.errorCode = feed.string();
          case "type" -> chunk.errorType = feed.string();
          default -> {}
        }
      }
      default -> {}
    }
  }

  private void number(JsonFeed feed) throws MalformedStreamException {
    switch (place) {
      case CHOICE -> {
        if (feed.name().equals("index")) {
          chunk.choiceIndex = feed.integer();
        }
      }
      case CALL -> {
        if (feed.name().equals("index")) {
          chunk.lastCall().index = Math.clamp(feed.integer(), -1, Integer.MAX_VALUE);
        }
      }
      case USAGE -> {
        switch (feed.name()) {
          case "prompt_tokens" -> chunk.promptTokens = feed.integer();
          case "completion_tokens" -> chunk.completionTokens = feed.integer();
          case "prompt_cache_hit_tokens" -> chunk.cachedTokens = feed.integer();
          default -> {}
        }
      }
      case PROMPT_DETAILS -> {
        switch (feed.name()) {
          case "cached_tokens" -> chunk.cachedTokens = feed.integer();
          case "cache_write_tokens" -> chunk.cacheWriteTokens = feed.integer();
          default -> {}
        }
      }
      case ERROR -> {
        if (feed.name().equals("code")) {
          chunk.errorCode = Long.toString(feed.integer());
        }
      }
      default -> {}
    }
  }

  private static void replace(Chars text, JsonFeed feed) throws MalformedStreamException {
    text.clear(); // of two fields with one name the last counts, as in every JSON reader
    feed.appendTo(text);
  }
}
