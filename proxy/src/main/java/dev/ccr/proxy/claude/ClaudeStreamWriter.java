package dev.ccr.proxy.claude;

import static dev.ccr.proxy.json.JsonOut.ascii;

import dev.ccr.proxy.json.Chars;
import dev.ccr.proxy.json.JsonEscape;
import dev.ccr.proxy.json.JsonOut;
import dev.ccr.proxy.model.StopReason;
import dev.ccr.proxy.model.Usage;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes an answer as Claude's server-sent events, each whole, from templates: no event is ever an
 * object. It owns the event grammar: one {@code message_start}, blocks numbered from 0 and closed
 * before the next opens, one {@code message_delta} and one {@code message_stop}.
 *
 * @see <a href="https://docs.claude.com/en/docs/build-with-claude/streaming">Streaming messages</a>
 */
public final class ClaudeStreamWriter implements ClaudeWriter {

  private static final byte[] MESSAGE_START =
      ascii("event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":");
  private static final byte[] MESSAGE_MODEL =
      ascii(",\"type\":\"message\",\"role\":\"assistant\",\"model\":");
  private static final byte[] MESSAGE_REST =
      ascii(
          ",\"content\":[],\"stop_reason\":null,\"stop_sequence\":null,\"usage\":"
              + "{\"input_tokens\":0,\"cache_creation_input_tokens\":0,"
              + "\"cache_read_input_tokens\":0,\"output_tokens\":0}}}\n\n");
  private static final byte[] BLOCK_START =
      ascii(
          "event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":");
  private static final byte[] TEXT_BLOCK =
      ascii(",\"content_block\":{\"type\":\"text\",\"text\":\"\"}}\n\n");
  private static final byte[] THINKING_BLOCK =
      ascii(
          ",\"content_block\":{\"type\":\"thinking\",\"thinking\":\"\",\"signature\":\"\"}}\n\n");
  private static final byte[] TOOL_BLOCK =
      ascii(",\"content_block\":{\"type\":\"tool_use\",\"id\":");
  private static final byte[] TOOL_NAME = ascii(",\"name\":");
  private static final byte[] TOOL_REST = ascii(",\"input\":{}}}\n\n");
  private static final byte[] WHOLE_BLOCK = ascii(",\"content_block\":");
  private static final byte[] BLOCK_DELTA =
      ascii(
          "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":");
  private static final byte[] TEXT_DELTA =
      ascii(",\"delta\":{\"type\":\"text_delta\",\"text\":\"");
  private static final byte[] THINKING_DELTA =
      ascii(",\"delta\":{\"type\":\"thinking_delta\",\"thinking\":\"");
  private static final byte[] SIGNATURE_DELTA =
      ascii(",\"delta\":{\"type\":\"signature_delta\",\"signature\":");
  private static final byte[] SIGNATURE_REST = ascii("}}\n\n");
  private static final byte[] INPUT_DELTA =
      ascii(",\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":\"");
  private static final byte[] DELTA_REST = ascii("\"}}\n\n");
  private static final byte[] BLOCK_STOP =
      ascii("event: content_block_stop\ndata: {\"type\":\"content_block_stop\",\"index\":");
  private static final byte[] BLOCK_STOP_REST = ascii("}\n\n");
  private static final byte[] MESSAGE_DELTA =
      ascii(
          "event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"");
  private static final byte[] STOP_SEQUENCE = ascii("\",\"stop_sequence\":");
  private static final byte[] USAGE = ascii("},\"usage\":");
  private static final byte[] MESSAGE_STOP =
      ascii("}\n\nevent: message_stop\ndata: {\"type\":\"message_stop\"}\n\n");

  private enum Block {
    NONE,
    TEXT,
    THINKING,
    TOOL
  }

  private final JsonEscape escape = JsonEscape.ofThisThread();
  private ByteBuf out = Unpooled.EMPTY_BUFFER;
  private boolean started;
  private boolean stopped;
  private Block open = Block.NONE;

  /** Index of the open block, or of the next one if none is open. */
  private int index;

  /** What all deltas of the open block begin with. */
  private byte[] deltaHead = {};

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
    require(!started, "start was called twice");
    started = true;
    out.writeBytes(MESSAGE_START);
    JsonOut.string(id, escape, out);
    out.writeBytes(MESSAGE_MODEL);
    JsonOut.string(model, escape, out);
    out.writeBytes(MESSAGE_REST);
  }

  @Override
  public void text(Chars text) {
    if (!text.isEmpty()) {
      open(Block.TEXT, TEXT_BLOCK, TEXT_DELTA);
      delta(text);
    }
  }

  @Override
  public void thinking(Chars text) {
    if (!text.isEmpty()) {
      open(Block.THINKING, THINKING_BLOCK, THINKING_DELTA);
      delta(text);
    }
  }

  @Override
  public void signature(String signature) {
    if (!signature.isEmpty()) {
      open(Block.THINKING, THINKING_BLOCK, THINKING_DELTA);
      out.writeBytes(BLOCK_DELTA);
      JsonOut.number(index, out);
      out.writeBytes(SIGNATURE_DELTA);
      JsonOut.string(signature, escape, out);
      out.writeBytes(SIGNATURE_REST);
      blockEnd();
    }
  }

  @Override
  public void redactedThinking(String data) {
    if (!data.isEmpty()) {
      beginWhole();
      WholeBlock.redactedThinking(data, escape, out);
      endWhole();
    }
  }

  @Override
  public void webSearch(String id, List<WebSearchResult> results) {
    beginWhole();
    WholeBlock.webSearch(id, escape, out);
    endWhole();
    beginWhole();
    WholeBlock.webSearchResults(id, results, escape, out);
    endWhole();
  }

  @Override
  public void toolStart(String id, String name) {
    requireRunning();
    blockEnd();
    open = Block.TOOL;
    deltaHead = deltaHead(INPUT_DELTA, index);
    out.writeBytes(BLOCK_START);
    JsonOut.number(index, out);
    out.writeBytes(TOOL_BLOCK);
    JsonOut.string(id, escape, out);
    out.writeBytes(TOOL_NAME);
    JsonOut.string(name, escape, out);
    out.writeBytes(TOOL_REST);
  }

  @Override
  public void toolInput(Chars json) {
    require(open == Block.TOOL, "toolInput without an open tool call");
    if (!json.isEmpty()) {
      delta(json);
    }
  }

  @Override
  public void blockEnd() {
    if (open != Block.NONE) {
      open = Block.NONE;
      writeBlockStop();
    }
  }

  @Override
  public void stop(StopReason reason, @Nullable String stopSequence, Usage usage) {
    requireRunning();
    blockEnd();
    stopped = true;
    out.writeBytes(MESSAGE_DELTA);
    out.writeBytes(ascii(reason.wireName()));
    out.writeBytes(STOP_SEQUENCE);
    if (stopSequence == null) {
      out.writeBytes(JsonOut.NULL);
    } else {
      JsonOut.string(stopSequence, escape, out);
    }
    out.writeBytes(USAGE);
    UsageJson.write(usage, out);
    out.writeBytes(MESSAGE_STOP);
  }

  private void beginWhole() {
    requireRunning();
    blockEnd();
    out.writeBytes(BLOCK_START);
    JsonOut.number(index, out);
    out.writeBytes(WHOLE_BLOCK);
  }

  private void endWhole() {
    out.writeBytes(BLOCK_STOP_REST);
    writeBlockStop();
  }

  private void writeBlockStop() {
    out.writeBytes(BLOCK_STOP);
    JsonOut.number(index++, out);
    out.writeBytes(BLOCK_STOP_REST);
  }

  private void open(Block kind, byte[] start, byte[] delta) {
    requireRunning();
    if (open != kind) {
      blockEnd();
      open = kind;
      deltaHead = deltaHead(delta, index);
      out.writeBytes(BLOCK_START);
      JsonOut.number(index, out);
      out.writeBytes(start);
    }
  }

  private void delta(Chars text) {
    escape.write(deltaHead, text, DELTA_REST, out);
  }

  private static byte[] deltaHead(byte[] kind, int index) {
    ByteBuf head = Unpooled.buffer();
    head.writeBytes(BLOCK_DELTA);
    JsonOut.number(index, head);
    head.writeBytes(kind);
    return ByteBufUtil.getBytes(head);
  }

  private void requireRunning() {
    require(started && !stopped, "content outside the message");
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalStateException(message);
    }
  }
}
