package dev.ccr.proxy.provider.anthropic;

import static dev.ccr.proxy.json.JsonOut.ascii;

import dev.ccr.proxy.json.Splices;
import dev.ccr.proxy.model.RequestFacts;
import dev.ccr.proxy.provider.StreamTranscoder;
import dev.ccr.proxy.provider.Translation;
import io.netty.buffer.ByteBuf;

/** An exchange whose bytes are the client's and the upstream's own, but for the model's name. */
final class PassThrough implements Translation {

  private static final byte[] MODEL = ascii("\"model\":");

  private final RequestFacts facts;
  private final String model;

  PassThrough(RequestFacts facts, String model) {
    this.facts = facts;
    this.model = model;
  }

  @Override
  public Splices.Section encodeRequest(ByteBuf in, Splices out) {
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
  public StreamTranscoder openAnswer(boolean upstreamStreams) {
    return upstreamStreams ? new EventRelay() : new MessageRelay();
  }
}
