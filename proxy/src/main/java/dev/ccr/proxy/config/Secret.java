package dev.ccr.proxy.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * A key, and how the configuration gives it. It prints as {@code ***}; {@link #reveal()} and, for
 * the configuration itself, {@link #written()} are the only ways out. Keys are equal if their
 * values are, however they were given. Immutable and not serializable.
 */
public final class Secret {
  /** No key: empty, and matched by nothing. */
  public static final Secret NONE = new Secret("", "");

  private static final int HIDDEN_WHOLE = 8;
  private static final int SHORT = 16;

  private final String value;
  private final String written;
  private final byte[] digest;

  private Secret(String value, String written) {
    this.value = value;
    this.written = written;
    digest = sha256(value.getBytes(UTF_8));
  }

  /**
   * Wraps a key.
   *
   * @param value the key itself; may be empty
   */
  public static Secret of(String value) {
    return of(value, value);
  }

  /** @param written what a configuration says for it: itself, or a reference */
  static Secret of(String value, String written) {
    return value.isEmpty() ? NONE : new Secret(value, written);
  }

  public boolean isEmpty() {
    return value.isEmpty();
  }

  /**
   * The key as {@code config show} prints it: {@code (not set)} if empty, stars alone up to eight
   * characters; else its ends with a star between them, four characters each, or two of a key of
   * less than sixteen, of which four would be most.
   */
  public String masked() {
    int length = value.length();
    if (length == 0) {
      return "(not set)";
    }
    if (length <= HIDDEN_WHOLE) {
      return "*".repeat(length);
    }
    int shown = length < SHORT ? 2 : 4;
    return value.substring(0, shown) + "*" + value.substring(length - shown);
  }

  /** The key in clear, for the peer it is meant for; never for a log or a message. */
  public String reveal() {
    return value;
  }

  /** What a configuration says for it: the key in clear where that is how it was given. */
  String written() {
    return written;
  }

  /** The key's SHA-256: 64 hexadecimal digits in lower case. Of a random key it tells nothing. */
  public String sha256() {
    return HexFormat.of().formatHex(digest);
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Secret secret && MessageDigest.isEqual(digest, secret.digest);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(digest);
  }

  @Override
  public String toString() {
    return "***";
  }
}
