package dev.ccr.proxy.tokens;

import java.nio.ByteBuffer;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Stands for a text in the cache: half of its SHA-256, its length and how it was read. A text
 * that somebody else's count could be taken for cannot be made.
 */
record TextKey(long high, long low, int length, Kind kind) {

  /** Bytes that are the same are not the same text if they are read differently. */
  enum Kind { STRING, JSON, PART }

  /** Makes keys. Not thread-safe. */
  static final class Maker {

    private final MessageDigest sha256 = sha256();
    private final byte[] digest = new byte[32];
    private final ByteBuffer words = ByteBuffer.wrap(digest);

    /** The key of a range of a body, borrowed, whose position and limit are changed. */
    TextKey of(ByteBuffer body, Form form, int start, int end) {
      sha256.update(body.limit(end).position(start));
      return make(end - start, form == Form.JSON ? Kind.JSON : Kind.STRING);
    }

    /** The key of a part of a text that has been read. */
    TextKey of(byte[] text, int length) {
      sha256.update(text, 0, length);
      return make(length, Kind.PART);
    }

    private TextKey make(int length, Kind kind) {
      try {
        sha256.digest(digest, 0, digest.length);
      } catch (DigestException e) {
        throw new IllegalStateException(e); // the array is long enough
      }
      return new TextKey(words.getLong(0), words.getLong(8), length, kind);
    }

    private static MessageDigest sha256() {
      try {
        return MessageDigest.getInstance("SHA-256");
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException(e); // every Java has it
      }
    }
  }

  @Override
  public int hashCode() {
    return Long.hashCode(low);
  }
}
