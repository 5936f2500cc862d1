package dev.ccr.proxy.tokens;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;

/**
 * The vocabulary o200k_base, which most upstreams use or come close to. It is loaded when it is
 * first asked for and then kept: 26 MB, and some hundred milliseconds of a thread that may wait.
 */
final class O200k {

  private static final Encoding ENCODING =
      Encodings.newLazyEncodingRegistry().getEncoding(EncodingType.O200K_BASE);

  private O200k() {}

  static Tokenizer load() {
    return ENCODING::countTokensOrdinary;
  }
}
