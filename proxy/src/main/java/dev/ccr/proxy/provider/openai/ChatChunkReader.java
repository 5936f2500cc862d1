package dev.ccr.proxy.provider.openai;

import com.fasterxml.jackson.core.JsonToken;
import dev.ccr.proxy.json.Chars;
import dev.ccr.proxy.json.JsonFeed;
import dev.ccr.proxy.model.MalformedStreamException;
import org.jspecify.annotations.Nullable;

/**
 * Fills a {@link ChatChunk} from tokens that may stop coming anywhere. Unknown fields, and values
 * of another kind than expected, are passed over.
 */
final class ChatChunkReader {

  private static final int MAX_KNOWN_DEPTH = 8;

  private final ChatChunk chunk;
  private final ShapeLearner learner;
  private final ChatValues values;
  private final ChunkPlace[] enclosing = new ChunkPlace[MAX_KNOWN_DEPTH];
  private int depth;
  private ChunkPlace place = ChunkPlace.OUTSIDE;

  /** How many containers deep the tokens are in something unknown. */
  private int unknownDepth;

  /** Made when the first text is wanted: most answers have none. */
  private @Nullable JsonCopy copy;

  /** @param learner hears of all strings */
  ChatChunkReader(ChatChunk chunk, ShapeLearner learner) {
    this.chunk = chunk;
    this.learner = learner;
    this.values = new ChatValues(chunk, learner);
  }

  /**
   * Reads one token.
   *
   * @return {@code true} if it was the last of a chunk
   */
  boolean read(JsonToken token, JsonFeed feed) throws MalformedStreamException {
    if (copy != null) {
      copy.add(token, feed);
    }
    switch (token) {
      case START_OBJECT -> start(unknownDepth > 0 ? ChunkPlace.OUTSIDE : objectIn(feed));
      case START_ARRAY -> start(unknownDepth > 0 ? ChunkPlace.OUTSIDE : arrayIn(feed));
      case END_OBJECT, END_ARRAY -> {
        return end();
      }
      case VALUE_STRING -> {
        learner.string();
        if (unknownDepth == 0) {
          values.string(place, feed);
        }
      }
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> {
        if (unknownDepth == 0) {
          values.number(place, feed);
        }
      }
      default -> {} // names are asked for with their values; true, false and null say nothing here
    }
    return false;
  }

  private ChunkPlace objectIn(JsonFeed feed) throws MalformedStreamException {
    return switch (place) {
      case OUTSIDE -> ChunkPlace.CHUNK;
      case CHUNK ->
          switch (feed.name()) {
            case "usage" -> beginUsage();
            case "error" -> beginError();
            default -> ChunkPlace.OUTSIDE;
          };
      case CHOICES -> beginChoice();
      case CHOICE ->
          switch (feed.name()) {
            case "delta", "message" -> ChunkPlace.DELTA;
            case "usage" -> beginUsage(); // Moonshot
            default -> ChunkPlace.OUTSIDE;
          };
      case DELTA ->
          feed.name().equals("function_call")
              ? beginCall(0, ChunkPlace.FUNCTION)
              : ChunkPlace.OUTSIDE;
      case PARTS -> ChunkPlace.PART;
      case THINKING_PARTS -> ChunkPlace.THINKING_PART;
      case REASONING_DETAILS -> beginDetail();
      case ANNOTATIONS -> beginPage(ChunkPlace.ANNOTATION);
      case ANNOTATION -> known(feed, "url_citation", ChunkPlace.URL_CITATION);
      case SEARCH_RESULTS -> beginPage(ChunkPlace.SEARCH_RESULT);
      case CALLS -> beginCall(-1, ChunkPlace.CALL);
      case CALL ->
          switch (feed.name()) {
            case "function" -> ChunkPlace.FUNCTION;
            case "custom" -> beginCustom();
            case "extra_content" -> ChunkPlace.EXTRA_CONTENT;
            default -> ChunkPlace.OUTSIDE;
          };
      case EXTRA_CONTENT -> known(feed, "google", ChunkPlace.GOOGLE);
      case FUNCTION -> copyArguments(JsonToken.START_OBJECT, feed);
      case USAGE ->
          switch (feed.name()) {
            case "prompt_tokens_details" -> ChunkPlace.PROMPT_DETAILS;
            case "completion_tokens_details" -> ChunkPlace.COMPLETION_DETAILS;
            default -> ChunkPlace.OUTSIDE;
          };
      case ERROR -> known(feed, "metadata", ChunkPlace.ERROR_METADATA);
      default -> ChunkPlace.OUTSIDE;
    };
  }

  private ChunkPlace arrayIn(JsonFeed feed) throws MalformedStreamException {
    return switch (place) {
      case CHUNK ->
          switch (feed.name()) {
            case "choices" -> ChunkPlace.CHOICES;
            case "citations" -> {
              chunk.facts.citations.clear();
              yield ChunkPlace.CITATIONS;
            }
            case "search_results" -> {
              chunk.facts.searchResults.clear();
              yield ChunkPlace.SEARCH_RESULTS;
            }
            default -> ChunkPlace.OUTSIDE;
          };
      case DELTA ->
          switch (feed.name()) {
            case "content" -> {
              chunk.content.clear();
              yield ChunkPlace.PARTS;
            }
            case "reasoning_details" -> ChunkPlace.REASONING_DETAILS;
            case "annotations" -> ChunkPlace.ANNOTATIONS;
            case "tool_calls" -> ChunkPlace.CALLS;
            default -> ChunkPlace.OUTSIDE;
          };
      case PART -> known(feed, "thinking", ChunkPlace.THINKING_PARTS);
      case FUNCTION -> copyArguments(JsonToken.START_ARRAY, feed);
      default -> ChunkPlace.OUTSIDE;
    };
  }

  private static ChunkPlace known(JsonFeed feed, String name, ChunkPlace inside)
      throws MalformedStreamException {
    return feed.name().equals(name) ? inside : ChunkPlace.OUTSIDE;
  }

  private ChunkPlace beginUsage() {
    chunk.usage.clear();
    chunk.usage.isPresent = true;
    return ChunkPlace.USAGE;
  }

  private ChunkPlace beginError() {
    chunk.error.isPresent = true;
    return ChunkPlace.ERROR;
  }

  private ChunkPlace beginChoice() {
    if (chunk.hasChoice) {
      return ChunkPlace.OUTSIDE; // the first is enough: no more are asked for
    }
    chunk.hasChoice = true;
    return ChunkPlace.CHOICE;
  }

  private ChunkPlace beginPage(ChunkPlace next) {
    chunk.beginPage();
    return next;
  }

  private ChunkPlace beginCall(int index, ChunkPlace next) {
    chunk.addCall(index);
    return next;
  }

  private ChunkPlace beginCustom() {
    chunk.calls.last().custom = true;
    return ChunkPlace.CUSTOM;
  }

  private ChunkPlace beginDetail() {
    copy(JsonToken.START_OBJECT, chunk.addDetail().json);
    return ChunkPlace.REASONING_DETAIL;
  }

  /** Some upstreams send the arguments as what they are and not as a text. */
  private ChunkPlace copyArguments(JsonToken token, JsonFeed feed)
      throws MalformedStreamException {
    if (feed.name().equals("arguments")) {
      copy(token, chunk.calls.last().arguments);
    }
    return ChunkPlace.OUTSIDE;
  }

  private void copy(JsonToken start, Chars out) {
    if (copy == null) {
      copy = new JsonCopy();
    }
    copy.begin(start, out);
  }

  private void start(ChunkPlace next) throws MalformedStreamException {
    if (next == ChunkPlace.OUTSIDE) {
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
    switch (place) {
      case CHOICE -> {
        if (chunk.choiceIndex != 0) {
          chunk.clearChoice();
        }
      }
      case ANNOTATION -> chunk.endPage(chunk.annotations);
      case SEARCH_RESULT -> chunk.endPage(chunk.facts.searchResults);
      default -> {}
    }
    place = enclosing[--depth];
    return place == ChunkPlace.OUTSIDE;
  }
}
