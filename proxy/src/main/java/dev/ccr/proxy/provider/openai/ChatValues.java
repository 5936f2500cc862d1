package dev.ccr.proxy.provider.openai;

import dev.ccr.proxy.claude.WebSearchResult;
import dev.ccr.proxy.json.Chars;
import dev.ccr.proxy.json.JsonFeed;
import dev.ccr.proxy.model.MalformedStreamException;
import dev.ccr.proxy.provider.openai.ChatChunk.ReasoningSource;

/** Puts the strings and numbers of a chunk where they belong. */
final class ChatValues {

  private final ChatChunk chunk;
  private final ShapeLearner learner;
  private final Chars text = new Chars();

  /** @param learner hears which strings are texts */
  ChatValues(ChatChunk chunk, ShapeLearner learner) {
    this.chunk = chunk;
    this.learner = learner;
  }

  void string(ChunkPlace place, JsonFeed feed) throws MalformedStreamException {
    switch (place) {
      case CHUNK -> ofChunk(feed);
      case CHOICE -> ofChoice(feed);
      case DELTA -> ofDelta(feed);
      case PART -> ofPart(feed);
      case THINKING_PART -> {
        if (feed.name().equals("text")) {
          thinkingPart(feed);
        }
      }
      case REASONING_DETAIL -> ofDetail(chunk.details.last(), feed);
      case ANNOTATION, URL_CITATION, SEARCH_RESULT -> {
        switch (feed.name()) {
          case "url" -> chunk.url = feed.string();
          case "title" -> chunk.title = feed.string();
          default -> {}
        }
      }
      case CITATIONS -> {
        String url = feed.string();
        if (!url.isEmpty()) {
          chunk.facts.citations.add(new WebSearchResult(url, ""));
        }
      }
      case CALL -> {
        if (feed.name().equals("id")) {
          chunk.calls.last().id = feed.string();
        }
      }
      case FUNCTION -> {
        switch (feed.name()) {
          case "name" -> chunk.calls.last().name = feed.string();
          case "arguments" -> set(TextField.ARGUMENTS, feed);
          default -> {}
        }
      }
      case GOOGLE -> {
        if (feed.name().equals("thought_signature")) {
          chunk.calls.last().thoughtSignature = feed.string();
        }
      }
      case CUSTOM -> {
        switch (feed.name()) {
          case "name" -> chunk.calls.last().name = feed.string();
          case "input" -> set(TextField.ARGUMENTS, feed);
          default -> {}
        }
      }
      case ERROR -> ofError(feed);
      case ERROR_METADATA -> {
        switch (feed.name()) {
          case "raw" -> chunk.error.raw = feed.string();
          case "provider_name" -> chunk.error.providerName = feed.string();
          default -> {}
        }
      }
      default -> {}
    }
  }

  void number(ChunkPlace place, JsonFeed feed) throws MalformedStreamException {
    switch (place) {
      case CHUNK, ERROR -> {
        if (feed.name().equals("code")) {
          chunk.error.code = Long.toString(feed.integer());
        }
      }
      case CHOICE -> {
        if (feed.name().equals("index")) {
          chunk.choiceIndex = feed.integer();
        }
      }
      case REASONING_DETAIL -> {
        if (feed.name().equals("index")) {
          chunk.details.last().index = feed.integer();
        }
      }
      case CALL -> {
        if (feed.name().equals("index")) {
          chunk.calls.last().index = Math.clamp(feed.integer(), -1, Integer.MAX_VALUE);
        }
      }
      case USAGE, PROMPT_DETAILS, COMPLETION_DETAILS -> ofUsage(chunk.usage, feed);
      default -> {}
    }
  }

  private void ofChunk(JsonFeed feed) throws MalformedStreamException {
    ChatFacts facts = chunk.facts;
    switch (feed.name()) {
      case "id" -> facts.id = facts.id.isEmpty() ? feed.string() : facts.id;
      case "model" -> facts.model = facts.model.isEmpty() ? feed.string() : facts.model;
      case "error" -> {
        chunk.error.isPresent = true;
        chunk.error.message = feed.string();
      }
      case "message", "code", "type" -> ofError(feed); // an error without an envelope
      case "obfuscation", "p" -> learner.latest(TextField.PADDING); // OpenAI's, Mistral's
      default -> {}
    }
  }

  private void ofChoice(JsonFeed feed) throws MalformedStreamException {
    switch (feed.name()) {
      case "finish_reason" -> chunk.finishReason = feed.string();
      case "native_finish_reason" -> chunk.nativeFinishReason = feed.string();
      case "stop_reason" -> chunk.stopReason = feed.string();
      default -> {}
    }
  }

  private void ofDelta(JsonFeed feed) throws MalformedStreamException {
    switch (feed.name()) {
      case "content" -> set(TextField.CONTENT, feed);
      case "reasoning_content" -> set(TextField.REASONING_CONTENT, feed);
      case "reasoning" -> set(TextField.REASONING, feed);
      case "refusal" -> chunk.refusal = feed.string();
      default -> {}
    }
  }

  private void ofPart(JsonFeed feed) throws MalformedStreamException {
    switch (feed.name()) {
      case "text" -> feed.appendTo(chunk.content);
      case "thinking" -> thinkingPart(feed);
      default -> {}
    }
  }

  private void thinkingPart(JsonFeed feed) throws MalformedStreamException {
    if (chunk.reasoningSource.compareTo(ReasoningSource.PARTS) <= 0) {
      chunk.reasoningSource = ReasoningSource.PARTS;
      feed.appendTo(chunk.reasoning);
    }
  }

  private void ofError(JsonFeed feed) throws MalformedStreamException {
    switch (feed.name()) {
      case "message" -> chunk.error.message = feed.string();
      case "code" -> chunk.error.code = feed.string();
      case "type" -> chunk.error.type = feed.string();
      default -> {}
    }
  }

  private void ofDetail(ReasoningDetail detail, JsonFeed feed)
      throws MalformedStreamException {
    switch (feed.name()) {
      case "type" -> detail.type = feed.string();
      case "id" -> detail.id = feed.string();
      case "format" -> detail.format = feed.string();
      case "text", "summary" -> set(TextField.DETAIL, feed);
      case "signature" -> detail.signature = feed.string();
      case "data" -> detail.data = feed.string();
      default -> {}
    }
  }

  private static void ofUsage(ChatUsage usage, JsonFeed feed) throws MalformedStreamException {
    switch (feed.name()) {
      case "prompt_tokens" -> usage.promptTokens = feed.integer();
      case "completion_tokens" -> usage.completionTokens = feed.integer();
      case "total_tokens" -> usage.totalTokens = feed.integer();
      case "reasoning_tokens" -> usage.reasoningTokens = feed.integer();
      case "cached_tokens", "prompt_cache_hit_tokens", "cache_read_input_tokens" ->
          usage.cached(feed.integer());
      case "cache_write_tokens", "cache_creation_input_tokens" ->
          usage.cacheWrite(feed.integer());
      default -> {}
    }
  }

  private void set(TextField field, JsonFeed feed) throws MalformedStreamException {
    text.clear();
    feed.appendTo(text);
    field.set(text, chunk);
    learner.latest(field);
  }
}
