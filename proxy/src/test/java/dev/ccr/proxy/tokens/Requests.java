package dev.ccr.proxy.tokens;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.ccr.proxy.json.JsonSyntaxException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.List;

/** Bodies of requests. */
final class Requests {

  private static final Tokenizer TOKENIZER = O200k.load();

  private Requests() {}

  static ByteBuf body(String json) {
    return Unpooled.wrappedBuffer(json.getBytes(UTF_8));
  }

  /** A conversation whose messages are these texts, which need no escapes. */
  static String conversation(List<String> texts) {
    StringBuilder json = new StringBuilder("{\"model\":\"m\",\"messages\":[");
    for (int i = 0; i < texts.size(); i++) {
      String role = i % 2 == 0 ? "user" : "assistant";
      json.append(i == 0 ? "" : ",").append("{\"role\":\"").append(role)
          .append("\",\"content\":[{\"type\":\"text\",\"text\":\"").append(texts.get(i))
          .append("\"}]}");
    }
    return json.append("]}").toString();
  }

  static Measure measure(ByteBuf body) {
    try {
      return new InputMeter().measure(body);
    } catch (JsonSyntaxException e) {
      throw new AssertionError(e);
    }
  }

  /** The exact count, without threads. */
  static long count(String json) {
    ByteBuf body = body(json);
    Measure measure = measure(body);
    ByteBuffer view = body.nioBuffer();
    TextCounter counter = new TextCounter(view, new TokenCache(1000));
    counter.start(TOKENIZER, () -> false);
    try {
      new InputWalk().walk(view, 0, view.limit(), measure.thinkingFrom(), counter);
    } catch (JsonSyntaxException e) {
      throw new AssertionError(e);
    }
    return measure.fixed() + counter.tokens();
  }
}
