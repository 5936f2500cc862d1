package dev.ccr.proxy.upstream;

import dev.ccr.proxy.config.Limits;
import dev.ccr.proxy.model.UpstreamException;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import io.netty.resolver.dns.DnsErrorCauseException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Says in one line why there is no connection, and what to look at; never in the peer's own words,
 * except for what TLS has to say.
 */
final class ConnectFailures {

  private static final String THERE = " (expected: a server there)";

  private ConnectFailures() {}

  /**
   * A 502, or a 504 if the time is up.
   *
   * @param place what was to be connected to, as messages name it
   * @param tls whether it was to be encrypted
   * @param limits those it was made with
   */
  static UpstreamException of(String place, boolean tls, Limits limits, Throwable cause) {
    if (cause instanceof ConnectTimeoutException) {
      return Clock.CONNECT.expired(place, limits.connect());
    }
    if (cause instanceof SslHandshakeTimeoutException) {
      return Clock.TLS.expired(place, limits.connect());
    }
    String what =
        switch (cause) {
          case ConnectException e -> "connection refused or unreachable" + THERE;
          case NoRouteToHostException e -> "connection refused or unreachable" + THERE;
          case SocketException e when unreachable(e) -> "connection refused or unreachable" + THERE;
          case UnknownHostException e -> name(e.getCause());
          case SSLException e -> "TLS failed: " + TlsFailures.why(e);
          case ClosedChannelException e when tls ->
              "TLS failed: connection closed inside the handshake";
          default -> cause.getClass().getSimpleName();
        };
    return UpstreamException.badGateway(place + ": " + what);
  }

  /** What epoll says where the JDK has an exception of its own. */
  private static boolean unreachable(SocketException e) {
    return String.valueOf(e.getMessage()).contains("unreachable");
  }

  private static String name(@Nullable Throwable cause) {
    if (cause == null
        || (cause instanceof DnsErrorCauseException told
            && told.getCode().equals(DnsResponseCode.NXDOMAIN))) {
      return "host name not found (expected: one that is known here)";
    }
    return cause instanceof DnsErrorCauseException
        ? "host name not looked up: the name server fails (expected: an answer)"
        : "host name not looked up: no name server answers (expected: one in /etc/resolv.conf)";
  }
}
