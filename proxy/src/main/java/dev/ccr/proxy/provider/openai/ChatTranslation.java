package dev.ccr.proxy.provider.openai;

import dev.ccr.proxy.claude.ClaudeMessageWriter;
import dev.ccr.proxy.claude.ClaudeStreamWriter;
import dev.ccr.proxy.claude.ClaudeWriter;
import dev.ccr.proxy.claude.MessageIds;
import dev.ccr.proxy.json.Splices;
import dev.ccr.proxy.model.RequestException;
import dev.ccr.proxy.model.RequestFacts;
import dev.ccr.proxy.provider.StreamTranscoder;
import dev.ccr.proxy.provider.Translation;
import io.netty.buffer.ByteBuf;

/** One exchange with a chat completions upstream. */
final class ChatTranslation implements Translation {

  private final RequestFacts facts;
  private final ChatProfile profile;
  private final String model;
  private final long maxOutputTokens;
  private final MessageIds ids;
  private final ToolNames names = new ToolNames();

  ChatTranslation(
      RequestFacts facts,
      ChatProfile profile,
      String model,
      long maxOutputTokens,
      MessageIds ids) {
    this.facts = facts;
    this.profile = profile;
    this.model = model;
    this.maxOutputTokens = maxOutputTokens;
    this.ids = ids;
  }

  @Override
  public Splices.Section encodeRequest(ByteBuf in, Splices out) throws RequestException {
    return ChatRequestEncoder.encode(
        in, facts, profile, model, maxOutputTokens, names, out);
  }

  @Override
  public StreamTranscoder openAnswer(boolean upstreamStreams) {
    ClaudeWriter writer = facts.stream() ? new ClaudeStreamWriter() : new ClaudeMessageWriter();
    ChatAnswer answer = new ChatAnswer(writer, ids, names, facts.stream(), model);
    return new ChatBodyTranscoder(writer, answer, upstreamStreams);
  }
}
