package dev.ccr.proxy.provider.openai;

import static dev.ccr.proxy.json.JsonOut.ascii;

import dev.ccr.proxy.claude.ContentBlock;
import dev.ccr.proxy.json.JsonCursor;
import dev.ccr.proxy.json.JsonSyntaxException;
import dev.ccr.proxy.json.Span;
import dev.ccr.proxy.json.Splices;
import dev.ccr.proxy.model.RequestException;
import dev.ccr.proxy.provider.openai.ChatProfile.History;
import dev.ccr.proxy.provider.openai.ChatProfile.Quirk;
import java.nio.ByteBuffer;

/**
 * An assistant message of a request: its texts as one string, its tool uses as tool calls, its
 * thinking where the upstream has a place for it, never as text.
 */
final class ChatAssistantTurn {

  private static final byte[] ASSISTANT = ascii("{\"role\":\"assistant\",\"content\":");
  private static final byte[] NOTHING = {};
  private static final byte[] PREFIX = ascii(",\"prefix\":true");
  private static final byte[] LINE_FEED = ascii("\\n");
  private static final byte[] NULL = ascii("null");
  private static final byte[] EMPTY = ascii("\"\"");
  private static final byte[] REASONING_CONTENT = ascii(",\"reasoning_content\":\"");
  private static final byte[] REASONING_DETAILS = ascii(",\"reasoning_details\":[");
  private static final byte[] CALLS = ascii(",\"tool_calls\":[");
  private static final byte[] ID = ascii("{\"id\":");
  private static final byte[] FUNCTION = ascii(",\"type\":\"function\",\"function\":{\"name\":");
  private static final byte[] ARGUMENTS = ascii(",\"arguments\":\"");
  private static final byte[] NO_ARGUMENTS = ascii("{}");
  private static final byte[] FUNCTION_END = ascii("\"}");

  private final ContentBlock block;
  private final JsonCursor nested = new JsonCursor();
  private final ChatProfile profile;
  private final ToolNames names;
  private final ToolCallIds ids;
  private final OpenCalls openCalls;
  private final ServerResults serverResults;
  private final Splices.Section text;
  private final Splices.Section reasoning;
  private final ReasoningDetails details;
  private final ThoughtSignatures signatures;

  /** What comes next is of another message than the text so far. */
  private boolean separates;

  private final Splices.Section calls;

  /** @param block what one of the message's blocks is read to */
  ChatAssistantTurn(
      ByteBuffer body,
      ContentBlock block,
      Splices splices,
      ChatProfile profile,
      ChatModel model,
      ToolNames names,
      ToolCallIds ids,
      OpenCalls openCalls) {
    this.block = block;
    this.profile = profile;
    this.names = names;
    this.ids = ids;
    this.openCalls = openCalls;
    serverResults = new ServerResults(nested);
    text = splices.section();
    reasoning = splices.section();
    details = new ReasoningDetails(nested, splices.section());
    calls = splices.section();
    signatures = new ThoughtSignatures(nested, profile, model);
    nested.reset(body, 0, 0);
  }

  /** Whether calls have been read that are not written yet. */
  boolean hasCalls() {
    return !calls.isEmpty();
  }

  /** Another message begins, which may become one with the last. */
  void goOn() {
    separates = !text.isEmpty();
  }

  private Splices.Section text() {
    if (separates) {
      separates = false;
      text.glue(LINE_FEED).glue(LINE_FEED);
    }
    return text;
  }

  /**
   * Reads the content of an assistant message, or more of it.
   *
   * @param at stands before the content, and behind it afterwards
   */
  void read(JsonCursor at) throws JsonSyntaxException, RequestException {
    switch (at.peek()) {
      case STRING -> {
        at.readString();
        if (at.valueEnd() - at.valueStart() > 2) {
          text().range(at.valueStart() + 1, at.valueEnd() - 1);
        }
      }
      case ARRAY -> {
        at.enterArray();
        while (at.nextElement()) {
          block.read(at);
          readBlock();
        }
      }
      default -> at.skipValue();
    }
  }

  /** Writes the message read since the last call; one that says nothing is left out. */
  void writeTo(Splices.Section out) {
    write(NOTHING, out);
  }

  /** Likewise, as the beginning of the answer that is asked for. */
  void writePrefixTo(Splices.Section out) {
    write(PREFIX, out);
  }

  private void write(byte[] mark, Splices.Section out) {
    if (!text.isEmpty() || !calls.isEmpty()) {
      writeMessage(mark, out);
    }
    text.clear();
    reasoning.clear();
    details.clear();
    signatures.clear();
    calls.clear();
  }

  private void readBlock() throws JsonSyntaxException, RequestException {
    switch (block.kind()) {
      case TOOL_USE -> toolUse();
      case THINKING -> {
        if (block.thinking.isPresent()) {
          reasoning.inside(block.thinking);
        }
        details.thinking(block.thinking, block.signature);
      }
      case REDACTED_THINKING -> {
        details.redacted(block.data);
        signatures.read(block.data);
      }
      case SERVER_RESULT, COMPACTION -> {
        if (!text.isEmpty() && block.content.isPresent()) {
          text.glue(LINE_FEED);
        }
        serverResults.append(block.content, text);
      }
      default -> {
        if (block.text.isPresent() && !block.text.isEmptyString()) {
          text().inside(block.text);
        }
      }
    }
  }

  private void toolUse() throws JsonSyntaxException, RequestException {
    if (!block.id.isPresent() || !block.name.isPresent()) {
      throw RequestException.invalid("tool_use: without id or name (expected: both)");
    }
    String id = string(block.id);
    openCalls.add(id);
    ids.append(id, calls.comma().glue(ID));
    calls.glue(FUNCTION).string(names.toUpstream(string(block.name))).glue(ARGUMENTS);
    if (block.input.isPresent()) {
      calls.escapedRange(block.input.start(), block.input.end());
    } else {
      calls.glue(NO_ARGUMENTS);
    }
    calls.glue(FUNCTION_END);
    signatures.appendTo(calls);
    calls.glue('}');
  }

  private String string(Span span) throws JsonSyntaxException {
    nested.reset(span.start(), span.end());
    nested.readString();
    return nested.stringValue();
  }

  private void writeMessage(byte[] mark, Splices.Section out) {
    out.comma().glue(ASSISTANT);
    if (!text.isEmpty()) {
      out.glue('"').append(text).glue('"');
    } else {
      out.glue(profile.has(Quirk.NO_NULL_CONTENT) ? EMPTY : NULL);
    }
    if (profile.history() == History.REASONING_CONTENT
        && (!reasoning.isEmpty() || profile.has(Quirk.ALWAYS_REASONING_CONTENT))) {
      out.glue(REASONING_CONTENT).append(reasoning).glue('"');
    } else if (profile.history() == History.REASONING_DETAILS && !details.isEmpty()) {
      out.glue(REASONING_DETAILS);
      details.appendTo(out);
      out.glue(']');
    }
    if (!calls.isEmpty()) {
      out.glue(CALLS).append(calls).glue(']');
    }
    out.glue(mark).glue('}');
  }
}
