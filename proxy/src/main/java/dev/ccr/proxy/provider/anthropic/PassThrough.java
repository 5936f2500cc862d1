package dev.ccr.proxy.provider.anthropic;

import static dev.ccr.proxy.json.JsonOut.ascii;

import dev.ccr.proxy.json.JsonCursor;
import dev.ccr.proxy.json.JsonSyntaxException;
import dev.ccr.proxy.json.Span;
import dev.ccr.proxy.json.Splices;
import dev.ccr.proxy.model.RequestException;
import dev.ccr.proxy.model.RequestFacts;
import dev.ccr.proxy.provider.StreamTranscoder;
import dev.ccr.proxy.provider.Translation;
import io.netty.buffer.ByteBuf;

/**
 * An exchange whose bytes are the client's and the upstream's own, but for the model's name, and for
 * thinking that this router made up for another provider.
 */
final class PassThrough implements Translation {

  private static final byte[] MODEL = ascii("\"model\":");

  private final RequestFacts facts;
  private final String model;

  PassThrough(RequestFacts facts, String model) {
    this.facts = facts;
    this.model = model;
  }

  @Override
  public Splices.Section encodeRequest(ByteBuf in, Splices out) throws RequestException {
    Splices.Section body = out.section();
    if (!MintedBlocks.mayBeIn(in)) {
      return range(in.readerIndex(), in.writerIndex(), in, body);
    }
    try {
      Span messages = messages(in);
      range(in.readerIndex(), messages.start(), in, body);
      MintedBlocks.append(in, messages, out, body);
      return range(messages.end(), in.writerIndex(), in, body);
    } catch (JsonSyntaxException e) { // the JSON is known to be sound: a value of another kind
      throw RequestException.invalid("request body: " + e.getMessage());
    }
  }

  @Override
  public StreamTranscoder openAnswer(boolean upstreamStreams) {
    return upstreamStreams ? new EventRelay() : new MessageRelay();
  }

  /** Appends a range of the body, with the upstream's model where the client's stands in it. */
  private Splices.Section range(int start, int end, ByteBuf in, Splices.Section body) {
    if (facts.modelStart() >= start && facts.modelEnd() <= end) {
      return body.range(start, facts.modelStart())
          .string(model)
          .range(facts.modelEnd(), end);
    }
    if (facts.modelStart() < 0 && start == in.readerIndex()) {
      int brace = in.indexOf(start, end, (byte) '{');
      return body.range(start, brace + 1)
          .glue(MODEL)
          .string(model)
          .glue(',') // there is a field behind it: no request is without messages
          .range(brace + 1, end);
    }
    return body.range(start, end);
  }

  private static Span messages(ByteBuf in) throws JsonSyntaxException {
    JsonCursor at = new JsonCursor();
    at.reset(in.nioBuffer(0, in.writerIndex()), in.readerIndex(), in.writerIndex());
    Span messages = new Span();
    at.enterObject();
    while (at.nextField()) {
      boolean isMessages = at.keyIs("messages");
      at.skipValue();
      if (isMessages) {
        messages.set(at.valueStart(), at.valueEnd());
      }
    }
    return messages;
  }
}
