package dev.ccr.proxy.auth;

import dev.ccr.proxy.model.Client;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The keys that clients may present, and whose they are. Only their SHA-256 digests are kept. A key
 * that is presented is compared with all of them, each in constant time: neither a key, nor its
 * length, nor its place among the others can be found out by measuring. Immutable.
 */
public final class ClientKeys {

  private static final int ID_LENGTH = 8;
  private static final HexFormat HEX = HexFormat.of();

  /**
   * A key that lets in.
   *
   * @param sha256 of its UTF-8 bytes: 64 hexadecimal digits
   * @param client whose it is
   */
  public record Known(String sha256, Client client) {

    /** A key whose owner has no name: he is called by the beginning of its digest. */
    public static Known unnamed(String sha256) {
      return new Known(sha256, new Client(sha256.substring(0, ID_LENGTH)));
    }
  }

  private final List<byte[]> digests = new ArrayList<>();
  private final List<Client> clients = new ArrayList<>();

  /** @param keys of clients without names; may be empty: then everybody is let in */
  public ClientKeys(List<String> keys) {
    keys.forEach(key -> add(Known.unnamed(HEX.formatHex(digest(key)))));
  }

  private ClientKeys() {}

  /**
   * Keys of clients with names.
   *
   * @param known may be empty: then everybody is let in
   */
  public static ClientKeys of(List<Known> known) {
    ClientKeys keys = new ClientKeys();
    known.forEach(keys::add);
    return keys;
  }

  private void add(Known known) {
    digests.add(HEX.parseHex(known.sha256()));
    clients.add(known.client());
  }

  /** Whether no key is needed. */
  public boolean isOpen() {
    return digests.isEmpty();
  }

  /** Whether {@code presented} is one of the keys. */
  public boolean contains(String presented) {
    return client(presented) != null;
  }

  /**
   * Whose key it is.
   *
   * @return {@code null} if {@code presented} is none of the keys
   */
  public @Nullable Client client(String presented) {
    byte[] digest = digest(presented);
    int found = -1;
    for (int i = 0; i < digests.size(); i++) { // to the end, whichever fits
      int fits = MessageDigest.isEqual(digests.get(i), digest) ? -1 : 0;
      found = (i & fits) | (found & ~fits);
    }
    return found < 0 ? null : clients.get(found);
  }

  private static byte[] digest(String key) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) { // every JDK has it
      throw new IllegalStateException(e);
    }
  }
}
