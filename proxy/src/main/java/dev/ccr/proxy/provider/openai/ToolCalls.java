package dev.ccr.proxy.provider.openai;

import dev.ccr.proxy.claude.ClaudeWriter;
import dev.ccr.proxy.claude.MessageIds;
import dev.ccr.proxy.model.UpstreamException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The tool calls of one answer. Upstreams may interleave the fragments of several calls, repeat or
 * leave out ids, names and numbers; Claude's stream has one open block at a time. So the first
 * unfinished call is written as it comes and the others wait: blocks stand in the order in which
 * the calls first appeared.
 */
final class ToolCalls {

  private final List<ToolCall> calls = new ArrayList<>();

  /** The first call of each id that an upstream has given. */
  private final Map<String, ToolCall> byId = new HashMap<>();

  /** The latest call of each number that an upstream has given. */
  private final Map<Integer, ToolCall> byIndex = new HashMap<>();

  private final Set<String> idsGiven = new HashSet<>();
  private final List<Consumer<ClaudeWriter>> held = new ArrayList<>(0);
  private final MessageIds ids;
  private final ToolNames names;

  /** Whether the writer can wrap input that is no object; a stream can only break off. */
  private final boolean writesAnything;

  /** Position of the first call that is not closed. */
  private int live;

  /** How many of the calls that are not closed have arguments that are not whole. */
  private int midway;

  private @Nullable ToolCall lastTouched;

  ToolCalls(MessageIds ids, ToolNames names, boolean writesAnything) {
    this.ids = ids;
    this.names = names;
    this.writesAnything = writesAnything;
  }

  boolean isEmpty() {
    return calls.isEmpty();
  }

  /** Whether a call's arguments were not one JSON object when it was closed. */
  boolean isBroken() {
    for (ToolCall call : calls) {
      if (call.broken) {
        return true;
      }
    }
    return false;
  }

  /** Whether a call has begun whose arguments are not whole. */
  boolean isMidway() {
    return midway > 0;
  }

  /**
   * Writes blocks that are neither text nor calls, now or as soon as the call that is being
   * written is closed.
   */
  void beside(Consumer<ClaudeWriter> blocks, ClaudeWriter writer) throws UpstreamException {
    if (isMidway()) {
      held.add(blocks);
    } else {
      settle(writer);
      blocks.accept(writer);
    }
  }

  /** Takes the next fragment and writes what can be written. */
  void add(ChatChunk.CallDelta delta, ClaudeWriter writer) {
    ToolCall call = match(delta);
    lastTouched = call;
    if (call.upstreamId.isEmpty() && !delta.id.isEmpty()) {
      identify(call, delta.id);
    }
    if (!delta.thoughtSignature.isEmpty()) {
      call.thoughtSignature = delta.thoughtSignature;
    }
    call.addName(delta.name);
    count(call, -1);
    if (delta.custom) {
      call.addText(delta.arguments);
    } else {
      call.addArguments(delta.arguments);
    }
    count(call, 1);
    writeLive(writer);
  }

  /**
   * Text, or the end of the answer, follows: all calls are written and closed.
   *
   * @throws UpstreamException if a call has no name: nobody could run it
   */
  void settle(ClaudeWriter writer) throws UpstreamException {
    for (; live < calls.size(); live++) {
      ToolCall call = calls.get(live);
      if (call.name.isEmpty()) {
        throw UpstreamException.badGateway("the upstream sent a tool call without a name");
      }
      count(call, -1);
      call.complete();
      count(call, 1);
      open(call, writer);
      write(call, writer);
      close(call);
      if (call.broken && writesAnything) {
        call.broken = false;
        writer.toolInput(call.pending);
      }
      writer.blockEnd();
    }
    release(writer);
  }

  private ToolCall match(ChatChunk.CallDelta delta) {
    if (!delta.id.isEmpty()) {
      ToolCall known = byId.get(delta.id);
      if (known != null) {
        return known;
      }
    }
    if (delta.index >= 0) {
      ToolCall latest = byIndex.get(delta.index);
      // Another id under the same number is another call: Ollama numbers all of them 0.
      return latest != null && (delta.id.isEmpty() || latest.upstreamId.isEmpty())
          ? latest
          : begin(delta);
    }
    return delta.id.isEmpty() && lastTouched != null ? lastTouched : begin(delta);
  }

  private ToolCall begin(ChatChunk.CallDelta delta) {
    ToolCall call = new ToolCall();
    calls.add(call);
    if (delta.index >= 0) {
      byIndex.put(delta.index, call);
    }
    count(call, 1);
    return call;
  }

  private void identify(ToolCall call, String id) {
    call.upstreamId = id;
    byId.put(id, call);
  }

  private void close(ToolCall call) {
    count(call, -1);
    call.close();
  }

  /** Counts a call in or out, if it is midway. */
  private void count(ToolCall call, int step) {
    if (!call.closed && !call.isFinished()) {
      midway += step;
    }
  }

  private void writeLive(ClaudeWriter writer) {
    while (live < calls.size()) {
      ToolCall call = calls.get(live);
      boolean laterCall = live + 1 < calls.size();
      if (call.name.isEmpty() || !(laterCall || call.opened || call.isWritable())) {
        return;
      }
      open(call, writer);
      write(call, writer);
      if (!laterCall || !call.isFinished()) {
        return;
      }
      close(call);
      writer.blockEnd();
      release(writer);
      live++;
    }
  }

  private void open(ToolCall call, ClaudeWriter writer) {
    if (!call.opened) {
      call.opened = true;
      if (!call.thoughtSignature.isEmpty()) {
        writer.redactedThinking(ThoughtSignatures.pack(call.thoughtSignature));
      }
      String id = ids.toolId(call.upstreamId);
      if (!idsGiven.add(id)) {
        id = ids.toolId("");
      }
      writer.toolStart(id, names.toClient(call.name.toString()));
    }
  }

  private void release(ClaudeWriter writer) {
    if (!held.isEmpty()) {
      held.forEach(blocks -> blocks.accept(writer));
      held.clear();
    }
  }

  private static void write(ToolCall call, ClaudeWriter writer) {
    if (call.isWritable()) {
      writer.toolInput(call.pending);
      call.pending.clear();
    }
  }
}
