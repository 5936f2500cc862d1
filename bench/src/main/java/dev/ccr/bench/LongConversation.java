package dev.ccr.bench;

import java.nio.charset.StandardCharsets;

/** A Claude request of 2 MB: 200 messages of text, with an escape every 13 bytes. */
public final class LongConversation {

  private static final int MESSAGES = 200;
  private static final String TEXT = "Some words \\n".repeat(800);

  private LongConversation() {}

  /** Its body, of 2,091,341 bytes. */
  public static byte[] bytes() {
    StringBuilder body = new StringBuilder("{\"model\":\"m\",\"max_tokens\":9,\"messages\":[");
    for (int i = 0; i < MESSAGES; i++) {
      body.append(i == 0 ? "" : ",")
          .append("{\"role\":\"").append(i % 2 == 0 ? "user" : "assistant")
          .append("\",\"content\":[{\"type\":\"text\",\"text\":\"").append(TEXT)
          .append("\"}]}");
    }
    return body.append("]}").toString().getBytes(StandardCharsets.UTF_8);
  }
}
