package dev.ccr.proxy.claude;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Base64;
import java.util.Optional;

/**
 * Opaque values of thinking blocks that this router made: what another provider needs to get back
 * with the history, and Claude's blocks have no field for, travels in a {@code signature} or in
 * {@code data} behind a marker. Anthropic has not signed such a value and must not be sent it.
 */
public final class Minted {

  /** What every such value begins with; a colon occurs in no real signature. */
  public static final String MARKER = "ccr1:";

  private Minted() {}

  /** Packs a JSON text. */
  public static String pack(String json) {
    return MARKER + Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(UTF_8));
  }

  /** Whether this router made the value. */
  public static boolean isMinted(String value) {
    return value.startsWith(MARKER);
  }

  /** The text that was packed; empty if the value is another's, or was changed on its way. */
  public static Optional<String> unpack(String value) {
    if (!isMinted(value)) {
      return Optional.empty();
    }
    try {
      byte[] json = Base64.getUrlDecoder().decode(value.substring(MARKER.length()));
      return Optional.of(new String(json, UTF_8));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
