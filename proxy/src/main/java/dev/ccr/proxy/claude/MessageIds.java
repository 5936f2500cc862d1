package dev.ccr.proxy.claude;

import java.util.random.RandomGenerator;

/**
 * Ids for messages and tool calls whose upstream gave none that a Claude client takes: {@code
 * ^[a-zA-Z0-9_-]{1,128}$}. Unique by chance (24 characters of 62 kinds), not secret.
 */
public final class MessageIds {

  private static final String ALPHABET =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  private static final int RANDOM_CHARS = 24;
  private static final int MAX_LENGTH = 128;

  /** A number of so many digits is unlikely to come again within a conversation. */
  private static final int UNIQUE_DIGITS = 10;

  private final RandomGenerator random;

  /** @param random where the characters come from; a seeded one gives the same ids again */
  public MessageIds(RandomGenerator random) {
    this.random = random;
  }

  /**
   * An id for a message, made from the upstream's where that is possible. Claude Code takes two
   * messages of one id for one, and Ollama draws one of 999: such a number is no id.
   */
  public String messageId(String upstreamId) {
    if (isSmallNumber(upstreamId.substring(upstreamId.lastIndexOf('-') + 1))) {
      return made("msg_");
    }
    if (upstreamId.startsWith("msg_") && isValid(upstreamId)) {
      return upstreamId;
    }
    String id = "msg_" + upstreamId;
    return isValid(id) ? id : made("msg_");
  }

  /** A new id for a tool call. */
  String toolId() {
    return made("toolu_");
  }

  /**
   * The id for a tool call of the client's.
   *
   * @param upstreamId said in other letters if the client would not take it; empty for a new id
   */
  public String toolId(String upstreamId) {
    if (isValid(upstreamId)) {
      return upstreamId;
    }
    String foreign = upstreamId.isEmpty() ? "" : ForeignIds.pack(upstreamId);
    return foreign.isEmpty() ? toolId() : foreign;
  }

  /**
   * The id for a call of a tool that the provider runs itself.
   *
   * @param upstreamId the answer's id
   * @param number of the call within the answer
   */
  public String serverToolId(String upstreamId, int number) {
    String id = "srvtoolu_" + upstreamId + "_" + number;
    return upstreamId.isEmpty() || !isValid(id) ? made("srvtoolu_") : id;
  }

  /** Whether a Claude client takes {@code id} as it is. */
  public static boolean isValid(String id) {
    if (id.isEmpty() || id.length() > MAX_LENGTH) {
      return false;
    }
    for (int i = 0; i < id.length(); i++) {
      char c = id.charAt(i);
      if (c != '_' && c != '-' && ALPHABET.indexOf(c) < 0) {
        return false;
      }
    }
    return true;
  }

  private static boolean isSmallNumber(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return text.length() < UNIQUE_DIGITS;
  }

  private String made(String prefix) {
    StringBuilder id = new StringBuilder(prefix.length() + RANDOM_CHARS).append(prefix);
    for (int i = 0; i < RANDOM_CHARS; i++) {
      id.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return id.toString();
  }
}
