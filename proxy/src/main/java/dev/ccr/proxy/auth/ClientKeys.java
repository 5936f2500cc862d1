package dev.ccr.proxy.auth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The keys that clients may present. Only their SHA-256 digests are kept, and digests are compared
 * in constant time: neither a key nor its length can be found out by measuring. Immutable.
 */
public final class ClientKeys {

  private static final int ID_BYTES = 4;

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
    return id(presented) != null;
  }

  /**
   * A short name for a key, for logs: the beginning of its digest, from which nobody gets back to
   * it.
   *
   * @return {@code null} if {@code presented} is none of the keys
   */
  public @Nullable String id(String presented) {
    byte[] digest = digest(presented);
    boolean found = false;
    for (byte[] known : digests) {
      found |= MessageDigest.isEqual(known, digest);
    }
    return found ? HexFormat.of().formatHex(Arrays.copyOf(digest, ID_BYTES)) : null;
  }

  private static byte[] digest(String key) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) { // every JDK has it
      throw new IllegalStateException(e);
    }
  }
}
