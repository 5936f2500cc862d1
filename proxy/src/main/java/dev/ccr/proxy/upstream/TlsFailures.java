package dev.ccr.proxy.upstream;

import io.netty.handler.ssl.NotSslRecordException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Locale;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Says why there is no TLS. */
final class TlsFailures {

  private static final String IN_TIME = " (expected: a valid one, and a clock here that is right)";

  private TlsFailures() {}

  /** In one line. */
  static String why(SSLException failure) {
    String message = String.valueOf(root(failure).getMessage());
    if (has(UpstreamTrust.SelfSignedException.class, failure)) {
      return "its certificate is self-signed (expected: one of an authority, or itself as tls.ca)";
    }
    if (isUnknown(failure)) {
      return "its certificate is of an unknown authority (expected: one that Java trusts, or one"
          + " in tls.ca)";
    }
    if (has(CertificateExpiredException.class, failure)) {
      return "its certificate has expired, " + message + IN_TIME;
    }
    if (has(CertificateNotYetValidException.class, failure)) {
      return "its certificate is not valid yet, " + message + IN_TIME;
    }
    if (message.startsWith("No subject alternative") || message.startsWith("No name matching")) {
      return "its certificate is for another host: " + message;
    }
    return has(NotSslRecordException.class, failure)
        ? "it speaks something else (expected: TLS there, or an http URL)"
        : alert(message);
  }

  /** The JDK and BoringSSL name what a peer sends in letters of their own size. */
  private static String alert(String message) {
    String lower = message.toLowerCase(Locale.ROOT);
    if (lower.contains("protocol_version") || lower.contains("unsupported_protocol")) {
      return "no version in common (expected: TLS 1.2 or 1.3)";
    }
    if (lower.contains("certificate_required") || lower.contains("bad_certificate")) {
      return "it refuses the router's certificate, or that there is none (expected: one in"
          + " tls.certificate)";
    }
    return lower.contains("handshake_failure")
        ? "it refuses the handshake (expected: a cipher in common; a certificate in"
            + " tls.certificate where it wants one)"
        : message;
  }

  /** Whether nobody who is trusted has issued a certificate. */
  static boolean isUnknown(Throwable failure) {
    return has(CertPathBuilderException.class, failure);
  }

  private static boolean has(Class<? extends Exception> type, @Nullable Throwable failure) {
    return failure != null && (type.isInstance(failure) || has(type, failure.getCause()));
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
