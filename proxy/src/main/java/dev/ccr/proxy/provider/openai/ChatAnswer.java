package dev.ccr.proxy.provider.openai;

import dev.ccr.proxy.claude.ClaudeWriter;
import dev.ccr.proxy.claude.MessageIds;
import dev.ccr.proxy.claude.WebSearchResult;
import dev.ccr.proxy.model.StopReason;
import dev.ccr.proxy.model.UpstreamException;
import dev.ccr.proxy.model.Usage;
import java.util.List;

/**
 * Says a chat completion to a {@link ClaudeWriter}, chunk by chunk. A whole answer is one chunk:
 * both ways of answering go through here and so agree.
 */
final class ChatAnswer {

  private final ClaudeWriter writer;
  private final MessageIds ids;
  private final ToolCalls calls;
  private final Reasoning reasoning;
  private final FinishReason finish = new FinishReason();
  private final String requestedModel;
  private final ChatFacts facts = new ChatFacts();
  private final Usage usage = new Usage();
  private int webSearches;
  private boolean stopped;

  /**
   * @param names gives tools the names back that the client knows
   * @param clientStreams whether the writer writes events: then what is written cannot be mended
   * @param requestedModel named in the answer if the upstream names none
   */
  ChatAnswer(
      ClaudeWriter writer,
      MessageIds ids,
      ToolNames names,
      boolean clientStreams,
      String requestedModel) {
    this.writer = writer;
    this.ids = ids;
    this.calls = new ToolCalls(ids, names, !clientStreams);
    this.reasoning = new Reasoning(writer, calls);
    this.requestedModel = requestedModel;
  }

  Usage usage() {
    return usage;
  }

  /** What its chunks are to say of it as a whole. */
  ChatFacts facts() {
    return facts;
  }

  boolean isStarted() {
    return writer.isStarted();
  }

  boolean isStopped() {
    return stopped;
  }

  /** Whether the upstream has said why it stopped: only then may its silence be an end. */
  boolean isFinished() {
    return finish.isKnown();
  }

  /** Writes what a chunk of this answer says. */
  void add(ChatChunk chunk) throws UpstreamException {
    if (chunk.error.isPresent) {
      throw chunk.error.toException();
    }
    if (chunk.usage.isPresent) {
      chunk.usage.copyTo(usage);
    }
    if (!chunk.hasChoice) {
      if (!chunk.error.message.isEmpty()) {
        throw chunk.error.toException(); // vLLM: {"object":"error","message":...}
      }
      return; // usage alone, a filter's verdict, a sign of life
    }
    start();
    reasoning.add(chunk);
    if (!chunk.refusal.isEmpty()) {
      chunk.content.append(chunk.refusal);
      finish.refused();
    }
    if (!chunk.content.isEmpty()) {
      reasoning.close();
      calls.settle(writer);
      writer.text(chunk.content);
    }
    webSearch(chunk.annotations);
    if (chunk.calls.size() > 0) {
      reasoning.close();
    }
    for (int i = 0; i < chunk.calls.size(); i++) {
      calls.add(chunk.calls.get(i), writer);
    }
    finish.add(chunk);
  }

  /** The upstream has said that it is done: closes the message. */
  void stop() throws UpstreamException {
    start();
    reasoning.close();
    calls.settle(writer);
    if (webSearches == 0) {
      webSearch(facts.searchResults.isEmpty() ? facts.citations : facts.searchResults);
    }
    StopReason reason = finish.stopReason(!calls.isEmpty());
    if (calls.isBroken() && !isCut(reason)) {
      throw UpstreamException.badGateway(
          "the upstream's tool arguments are not valid JSON (expected: one object)");
    }
    stopped = true;
    boolean matched = reason == StopReason.STOP_SEQUENCE;
    writer.stop(reason, matched ? finish.stopSequence() : null, usage);
  }

  private void start() {
    if (!writer.isStarted()) {
      writer.start(
          ids.messageId(facts.id), facts.model.isEmpty() ? requestedModel : facts.model);
    }
  }

  private void webSearch(List<WebSearchResult> results) throws UpstreamException {
    if (!results.isEmpty()) {
      reasoning.close();
      String id = ids.serverToolId(facts.id, webSearches++);
      List<WebSearchResult> copy = List.copyOf(results);
      calls.beside(to -> to.webSearch(id, copy), writer);
    }
  }

  /** Whether the model was stopped rather than done: the last call may be incomplete. */
  private static boolean isCut(StopReason reason) {
    return reason == StopReason.MAX_TOKENS
        || reason == StopReason.CONTEXT_WINDOW_EXCEEDED
        || reason == StopReason.REFUSAL;
  }
}
