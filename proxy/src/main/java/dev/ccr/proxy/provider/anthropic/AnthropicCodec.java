package dev.ccr.proxy.provider.anthropic;

import static dev.ccr.proxy.json.JsonOut.ascii;

import dev.ccr.proxy.json.Splices;
import dev.ccr.proxy.model.RequestFacts;
import dev.ccr.proxy.provider.ProviderCodec;
import dev.ccr.proxy.provider.StreamTranscoder;
import io.netty.buffer.ByteBuf;

/** The Claude API itself: only the model's name is changed, every other byte is the client's. */
public final class AnthropicCodec implements ProviderCodec {

  private static final byte[] MODEL = ascii("\"model\":");

  @Override
  public KeyHeader keyHeader() {
    return KeyHeader.X_API_KEY;
  }

  @Override
  public boolean speaksClaude() {
    return true;
  }

  @Override
  public Splices.Section encodeRequest(
      ByteBuf in, RequestFacts facts, String model, Splices out) {
    Splices.Section body = out.section();
    if (facts.modelStart() >= 0) {
      return body.range(in.readerIndex(), facts.modelStart())
          .string(model)
          .range(facts.modelEnd(), in.writerIndex());
    }
    int brace = in.indexOf(in.readerIndex(), in.writerIndex(), (byte) '{');
    return body.range(in.readerIndex(), brace + 1)
        .glue(MODEL)
        .string(model)
        .glue(',') // there is a field behind it: no request is without messages
        .range(brace + 1, in.writerIndex());
  }

  @Override
  public StreamTranscoder openAnswer(
      boolean upstreamStreams, boolean clientStreams, String requestedModel) {
    return upstreamStreams ? new EventRelay() : new MessageRelay();
  }
}
