package dev.ccr.proxy.auth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;

/**
 * The keys that clients may present. Only their SHA-256 digests are kept, and digests are compared
 * in constant time: neither a key nor its length can be found out by measuring. Immutable.
 */
public final class ClientKeys {

  private final List<byte[]> digests;

  /** @param keys may be empty: then everybody is let in */
  public ClientKeys(List<String> keys) {
    digests = keys.stream().map(ClientKeys::digest).toList();
  }

  /** Whether no key is needed. */
  public boolean isOpen() {
    return digests.isEmpty();
  }

  /** Whether {@code presented} is one of the keys. */
  public boolean contains(String presented) {
    byte[] digest = digest(presented);
    boolean found = false;
    for (byte[] known : digests) {
      found |= MessageDigest.isEqual(known, digest);
    }
    return found;
  }

  private static byte[] digest(String key) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) { // every JDK has it
      throw new IllegalStateException(e);
    }
  }
}
