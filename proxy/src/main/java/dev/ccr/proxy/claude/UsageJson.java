package dev.ccr.proxy.claude;

import static dev.ccr.proxy.json.JsonOut.ascii;

import dev.ccr.proxy.json.JsonOut;
import dev.ccr.proxy.model.Usage;
import io.netty.buffer.ByteBuf;

/** The {@code usage} object of messages and of {@code message_delta}. */
final class UsageJson {

  private static final byte[] INPUT = ascii("{\"input_tokens\":");
  private static final byte[] CACHE_CREATION = ascii(",\"cache_creation_input_tokens\":");
  private static final byte[] CACHE_READ = ascii(",\"cache_read_input_tokens\":");
  private static final byte[] OUTPUT = ascii(",\"output_tokens\":");

  private UsageJson() {}

  static void write(Usage usage, ByteBuf out) {
    out.writeBytes(INPUT);
    JsonOut.number(usage.inputTokens, out);
    out.writeBytes(CACHE_CREATION);
    JsonOut.number(usage.cacheCreationTokens, out);
    out.writeBytes(CACHE_READ);
    JsonOut.number(usage.cacheReadTokens, out);
    out.writeBytes(OUTPUT);
    JsonOut.number(usage.outputTokens, out);
    out.writeByte('}');
  }
}
