package dev.ccr.proxy.provider.openai;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;

/**
 * Tool names that the upstream takes: {@code ^[a-zA-Z0-9_-]{1,64}$}. Others (names of MCP tools
 * have up to 128 characters) are shortened to 55 characters and a hash of the whole, the same in
 * tools, choice and history, and changed back in the answer.
 */
final class ToolNames {

  private static final int MAX_LENGTH = 64;
  private static final int KEPT = 55;
  private static final int HASH_BYTES = 4;

  private final Map<String, String> originals = new HashMap<>();

  /** The name for the upstream. */
  String toUpstream(String name) {
    if (isValid(name)) {
      return name;
    }
    StringBuilder kept = new StringBuilder(name.substring(0, Math.min(KEPT, name.length())));
    for (int i = 0; i < kept.length(); i++) {
      if (!isValid(kept.charAt(i))) {
        kept.setCharAt(i, '_');
      }
    }
    String changed = kept + "_" + HexFormat.of().formatHex(hash(name), 0, HASH_BYTES);
    originals.put(changed, name);
    return changed;
  }

  /** The name that the client gave to what the upstream calls {@code name}. */
  String toClient(String name) {
    return originals.getOrDefault(name, name);
  }

  private static boolean isValid(String name) {
    for (int i = 0; i < name.length(); i++) {
      if (!isValid(name.charAt(i))) {
        return false;
      }
    }
    return !name.isEmpty() && name.length() <= MAX_LENGTH;
  }

  private static boolean isValid(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '_'
        || c == '-';
  }

  static byte[] hash(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) { // every JDK has it
      throw new IllegalStateException(e);
    }
  }
}
