package dev.ccr.proxy.upstream;

import javax.net.ssl.SSLException;

/** Says why there is no TLS. */
final class TlsFailures {

  private TlsFailures() {}

  /** In one line. */
  static String why(SSLException failure) {
    return String.valueOf(root(failure).getMessage());
  }

  /** What a certificate lacks stands behind exceptions that only say that something is wrong. */
  private static Throwable root(Throwable cause) {
    Throwable root = cause;
    for (Throwable next; (next = root.getCause()) != null && next.getMessage() != null; ) {
      root = next;
    }
    return root;
  }
}
