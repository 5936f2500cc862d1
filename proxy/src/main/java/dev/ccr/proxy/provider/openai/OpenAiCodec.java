package dev.ccr.proxy.provider.openai;

import dev.ccr.proxy.claude.ClaudeMessageWriter;
import dev.ccr.proxy.claude.ClaudeStreamWriter;
import dev.ccr.proxy.claude.ClaudeWriter;
import dev.ccr.proxy.claude.MessageIds;
import dev.ccr.proxy.json.Splices;
import dev.ccr.proxy.model.RequestException;
import dev.ccr.proxy.model.RequestFacts;
import dev.ccr.proxy.provider.ProviderCodec;
import dev.ccr.proxy.provider.StreamTranscoder;
import io.netty.buffer.ByteBuf;
import java.util.random.RandomGenerator;

/**
 * OpenAI's chat completions.
 *
 * @see <a href="https://platform.openai.com/docs/api-reference/chat">Chat completions</a>
 */
public final class OpenAiCodec implements ProviderCodec {

  private final MessageIds ids;

  /** @param random for ids that the upstream leaves out; must be thread-safe */
  public OpenAiCodec(RandomGenerator random) {
    ids = new MessageIds(random);
  }

  @Override
  public KeyHeader keyHeader() {
    return KeyHeader.AUTHORIZATION_BEARER;
  }

  @Override
  public boolean speaksClaude() {
    return false;
  }

  @Override
  public Splices.Section encodeRequest(
      ByteBuf in, RequestFacts facts, String model, Splices out) throws RequestException {
    return ChatRequestEncoder.encode(in, facts, model, out);
  }

  @Override
  public StreamTranscoder openAnswer(
      boolean upstreamStreams, boolean clientStreams, String requestedModel) {
    ClaudeWriter writer = clientStreams ? new ClaudeStreamWriter() : new ClaudeMessageWriter();
    ChatAnswer answer = new ChatAnswer(writer, ids, clientStreams, requestedModel);
    return upstreamStreams
        ? new ChatStreamTranscoder(writer, answer)
        : new ChatMessageTranscoder(writer, answer);
  }
}
