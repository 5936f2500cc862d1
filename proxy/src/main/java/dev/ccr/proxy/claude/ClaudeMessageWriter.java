package dev.ccr.proxy.claude;

import static dev.ccr.proxy.json.JsonOut.ascii;

import dev.ccr.proxy.json.Chars;
import dev.ccr.proxy.json.JsonCheck;
import dev.ccr.proxy.json.JsonEscape;
import dev.ccr.proxy.json.JsonOut;
import dev.ccr.proxy.model.StopReason;
import dev.ccr.proxy.model.Usage;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes an answer as one Claude message, for clients that did not ask for a stream. The JSON is
 * valid once {@link #stop} has returned; what was written before then must not be sent.
 *
 * @see <a href="https://docs.claude.com/en/api/messages">Messages</a>
 */
public final class ClaudeMessageWriter implements ClaudeWriter {

  private static final byte[] ID = ascii("{\"id\":");
  private static final byte[] MODEL =
      ascii(",\"type\":\"message\",\"role\":\"assistant\",\"model\":");
  private static final byte[] CONTENT = ascii(",\"content\":[");
  private static final byte[] TEXT = ascii("{\"type\":\"text\",\"text\":\"");
  private static final byte[] TEXT_END = ascii("\"}");
  private static final byte[] THINKING = ascii("{\"type\":\"thinking\",\"thinking\":\"");
  private static final byte[] SIGNATURE = ascii("\",\"signature\":");
  private static final byte[] NO_SIGNATURE = ascii("\",\"signature\":\"\"}");
  private static final byte[] TOOL = ascii("{\"type\":\"tool_use\",\"id\":");
  private static final byte[] TOOL_NAME = ascii(",\"name\":");
  private static final byte[] TOOL_INPUT = ascii(",\"input\":");
  private static final byte[] EMPTY_INPUT = ascii("{}");
  private static final byte[] RAW_ARGUMENTS = ascii("{\"raw_arguments\":\"");
  private static final byte[] STOP_REASON = ascii("],\"stop_reason\":\"");
  private static final byte[] STOP_SEQUENCE = ascii("\",\"stop_sequence\":");
  private static final byte[] USAGE = ascii(",\"usage\":");

  private enum Block {
    NONE,
    TEXT,
    THINKING,
    TOOL
  }

  private final JsonEscape escape = JsonEscape.ofThisThread();
  private ByteBuf out = Unpooled.EMPTY_BUFFER;
  private boolean started;
  private boolean hasBlocks;
  private Block open = Block.NONE;

  /** The open tool call's input: only its end tells whether it is an object. */
  private final Chars input = new Chars();

  private final JsonCheck inputCheck = new JsonCheck();

  @Override
  public void into(ByteBuf out) {
    this.out = out;
  }

  @Override
  public boolean isStarted() {
    return started;
  }

  @Override
  public void start(String id, String model) {
    started = true;
    out.writeBytes(ID);
    JsonOut.string(id, escape, out);
    out.writeBytes(MODEL);
    JsonOut.string(model, escape, out);
    out.writeBytes(CONTENT);
  }

  @Override
  public void text(Chars text) {
    if (!text.isEmpty()) {
      open(Block.TEXT, TEXT);
      escape.write(text, out);
    }
  }

  @Override
  public void thinking(Chars text) {
    if (!text.isEmpty()) {
      open(Block.THINKING, THINKING);
      escape.write(text, out);
    }
  }

  @Override
  public void signature(String signature) {
    if (!signature.isEmpty()) {
      open(Block.THINKING, THINKING);
      open = Block.NONE;
      out.writeBytes(SIGNATURE);
      JsonOut.string(signature, escape, out);
      out.writeByte('}');
    }
  }

  @Override
  public void redactedThinking(String data) {
    if (!data.isEmpty()) {
      begin();
      WholeBlock.redactedThinking(data, escape, out);
    }
  }

  @Override
  public void webSearch(String id, List<WebSearchResult> results) {
    begin();
    WholeBlock.webSearch(id, escape, out);
    begin();
    WholeBlock.webSearchResults(id, results, escape, out);
  }

  @Override
  public void toolStart(String id, String name) {
    blockEnd();
    open(Block.TOOL, TOOL);
    JsonOut.string(id, escape, out);
    out.writeBytes(TOOL_NAME);
    JsonOut.string(name, escape, out);
    out.writeBytes(TOOL_INPUT);
  }

  @Override
  public void toolInput(Chars json) {
    if (open != Block.TOOL) {
      throw new IllegalStateException("toolInput without an open tool call");
    }
    input.append(json);
    inputCheck.feed(json.array(), 0, json.length());
  }

  @Override
  public void blockEnd() {
    switch (open) {
      case TEXT -> out.writeBytes(TEXT_END);
      case THINKING -> out.writeBytes(NO_SIGNATURE);
      case TOOL -> writeInput();
      case NONE -> {}
    }
    open = Block.NONE;
  }

  @Override
  public void stop(StopReason reason, @Nullable String stopSequence, Usage usage) {
    blockEnd();
    out.writeBytes(STOP_REASON);
    out.writeBytes(ascii(reason.wireName()));
    out.writeBytes(STOP_SEQUENCE);
    if (stopSequence == null) {
      out.writeBytes(JsonOut.NULL);
    } else {
      JsonOut.string(stopSequence, escape, out);
    }
    out.writeBytes(USAGE);
    UsageJson.write(usage, out);
    out.writeByte('}');
  }

  /** Input that is no JSON object is wrapped in one, so that nothing of it is lost. */
  private void writeInput() {
    if (inputCheck.isBlank()) {
      out.writeBytes(EMPTY_INPUT);
    } else if (inputCheck.isComplete() && inputCheck.isObject()) {
      escape.writeJson(input, out);
    } else {
      out.writeBytes(RAW_ARGUMENTS);
      escape.write(input, out);
      out.writeBytes(TEXT_END);
    }
    out.writeByte('}');
    input.clear();
    inputCheck.reset();
  }

  private void open(Block kind, byte[] start) {
    if (open != kind) {
      begin();
      open = kind;
      out.writeBytes(start);
    }
  }

  /** Closes the open block and makes room for the next. */
  private void begin() {
    if (!started) {
      throw new IllegalStateException("content outside the message");
    }
    blockEnd();
    if (hasBlocks) {
      out.writeByte(',');
    }
    hasBlocks = true;
  }
}
