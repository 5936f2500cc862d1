package dev.ccr.proxy.claude;

import dev.ccr.proxy.json.Chars;
import dev.ccr.proxy.model.StopReason;
import dev.ccr.proxy.model.Usage;
import io.netty.buffer.ByteBuf;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a provider says about an answer, piece by piece; written as events by {@link
 * ClaudeStreamWriter} or as one message by {@link ClaudeMessageWriter}. The writer opens, numbers
 * and closes the content blocks, so that no provider can write an ill-formed answer.
 *
 * <p>Calls: {@link #start} once, any of the content methods, {@link #stop} once. Texts are read
 * before a method returns. One writer an answer; not thread-safe.
 */
public interface ClaudeWriter {

  /** Names the buffer that receives what is written until the next call; borrowed. */
  void into(ByteBuf out);

  /** Whether {@link #start} has been called. */
  boolean isStarted();

  /**
   * Begins the message.
   *
   * @param id the message's id, {@code msg_...}
   * @param model the model's name as the upstream reports it
   */
  void start(String id, String model);

  /** Adds text, to the open text block or to a new one. Empty text is ignored. */
  void text(Chars text);

  /** Adds reasoning, to the open thinking block or to a new one. Empty text is ignored. */
  void thinking(Chars text);

  /**
   * Signs the open thinking block, or one without text, and closes it. An empty signature is
   * ignored.
   *
   * @param signature the whole of it: clients keep only the last they get
   */
  void signature(String signature);

  /** Writes a block of reasoning that only its maker can read. Empty data is ignored. */
  void redactedThinking(String data);

  /**
   * Writes a search of the provider's own and what it found.
   *
   * @param id unique in the message, {@code srvtoolu_...}
   * @param results read before this returns
   */
  void webSearch(String id, List<WebSearchResult> results);

  /**
   * Opens a tool call; whatever block was open is closed.
   *
   * @param id unique in the message, {@code ^[a-zA-Z0-9_-]+$}
   * @param name the tool's name as the client knows it
   */
  void toolStart(String id, String name);

  /**
   * Adds a fragment of the open tool call's input. All fragments together are one JSON object, or
   * nothing, which means {@code {}}.
   */
  void toolInput(Chars json);

  /** Closes the open block, if any. */
  void blockEnd();

  /**
   * Ends the message; only {@link #isStarted} may be called afterwards.
   *
   * @param stopSequence the stop sequence that matched, if the reason is one
   */
  void stop(StopReason reason, @Nullable String stopSequence, Usage usage);
}
