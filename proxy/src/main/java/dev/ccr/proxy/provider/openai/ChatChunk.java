package dev.ccr.proxy.provider.openai;

import dev.ccr.proxy.claude.WebSearchResult;
import dev.ccr.proxy.json.Chars;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one {@code chat.completion.chunk}, or one whole {@code chat.completion}, says. Used again
 * for every chunk, since the parts have to be known before any is translated: they come in any
 * order.
 */
final class ChatChunk {

  /** A fragment of a tool call. */
  static final class CallDelta {
    /** The call's number, or -1 if the upstream gives none. */
    int index;

    String id = "";
    String name = "";

    /** JSON, or the text that is the input of a custom tool. */
    final Chars arguments = new Chars();

    boolean custom;

    /** Gemini's signature of the call, or empty. */
    String thoughtSignature = "";

    private boolean isSameText(CallDelta other) {
      return index == other.index
          && id.equals(other.id)
          && name.equals(other.name)
          && arguments.isSame(other.arguments);
    }

    private void clear() {
      thoughtSignature = "";
      index = -1;
      id = "";
      name = "";
      custom = false;
      arguments.clear();
    }
  }

  /** Where reasoning was found; of several that say the same the last named here counts. */
  enum ReasoningSource {
    NONE,
    PARTS,
    REASONING,
    REASONING_CONTENT
  }

  /** Of the answer that it is a part of. */
  ChatFacts facts = new ChatFacts();

  boolean hasChoice;

  /** The current choice's number; only 0 is ever asked for. */
  long choiceIndex;

  final Chars content = new Chars();
  final Chars reasoning = new Chars();
  ReasoningSource reasoningSource = ReasoningSource.NONE;
  final RecycledList<ReasoningDetail> details = new RecycledList<>(ReasoningDetail::new);
  String refusal = "";
  final List<WebSearchResult> annotations = new ArrayList<>(0);
  @Nullable String finishReason;
  String nativeFinishReason = "";

  /** The stop sequence that matched (vLLM), or empty. */
  String stopReason = "";

  final RecycledList<CallDelta> calls = new RecycledList<>(CallDelta::new);

  /** The page being read, for whichever list. */
  String url = "";

  String title = "";

  final ChatUsage usage = new ChatUsage();
  final ChatError error = new ChatError();

  /** Forgets everything but what is said of the answer as a whole. */
  void clear() {
    clearChoice();
    usage.clear();
    error.clear();
  }

  void clearChoice() {
    hasChoice = false;
    choiceIndex = 0;
    content.clear();
    reasoning.clear();
    reasoningSource = ReasoningSource.NONE;
    details.clear();
    refusal = "";
    annotations.clear();
    finishReason = null;
    nativeFinishReason = "";
    stopReason = "";
    calls.clear();
  }

  /** Keeps the text of the best source: others may say the same. */
  void addReasoning(ReasoningSource source, Chars text) {
    if (source.compareTo(reasoningSource) < 0 || text.isEmpty()) {
      return;
    }
    reasoning.clear();
    reasoning.append(text);
    reasoningSource = source;
  }

  /** Whether the choice of another chunk is the same text, and for the same call or entry. */
  boolean isSameText(ChatChunk other) {
    return hasChoice == other.hasChoice
        && content.isSame(other.content)
        && reasoning.isSame(other.reasoning)
        && reasoningSource == other.reasoningSource
        && calls.size() == other.calls.size()
        && (calls.size() == 0 || calls.last().isSameText(other.calls.last()))
        && details.size() == other.details.size()
        && (details.size() == 0 || details.last().isSameText(other.details.last()));
  }

  CallDelta addCall(int index) {
    CallDelta call = calls.add();
    call.clear();
    call.index = index;
    return call;
  }

  ReasoningDetail addDetail() {
    ReasoningDetail detail = details.add();
    detail.clear();
    return detail;
  }

  void beginPage() {
    url = "";
    title = "";
  }

  /** Adds the page just read, if it has an address. */
  void endPage(List<WebSearchResult> pages) {
    if (!url.isEmpty()) {
      pages.add(new WebSearchResult(url, title));
    }
    beginPage();
  }
}
