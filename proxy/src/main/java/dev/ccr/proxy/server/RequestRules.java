package dev.ccr.proxy.server;

import dev.ccr.proxy.model.ApiErrorType;
import dev.ccr.proxy.model.RequestException;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the head of a request in HTTP/1.1 must be for its end to be certain and its target to be
 * clear. A request that breaks one of these rules ends its connection. Safe for any thread.
 */
final class RequestRules {

  private static final int METHOD_NOT_ALLOWED = 405;
  private static final int EXPECTATION_FAILED = 417;
  private static final int MAX_PORT_DIGITS = 5;

  private RequestRules() {}

  /** What is wrong with the head, or {@code null}. */
  static @Nullable RequestException fault(HttpRequest request) {
    RequestException fault = framing(request);
    fault = fault == null ? target(request) : fault;
    fault = fault == null ? host(request) : fault;
    return fault == null ? expectation(request) : fault;
  }

  /**
   * RFC 9112, section 6.1: chunked alone, once, without content-length. Other codings would be
   * allowed in front of it, but no client of the Claude API uses any.
   */
  private static @Nullable RequestException framing(HttpRequest request) {
    HttpHeaders headers = request.headers();
    List<String> encodings = headers.getAll(HttpHeaderNames.TRANSFER_ENCODING);
    if (encodings.size() > 1
        || (encodings.size() == 1 && !encodings.getFirst().equalsIgnoreCase("chunked"))) {
      return RequestException.invalid(
          "transfer-encoding: " + HeaderText.of(String.join(", ", encodings))
              + " (expected: chunked)");
    }
    if (!encodings.isEmpty() && headers.contains(HttpHeaderNames.CONTENT_LENGTH)) {
      return RequestException.invalid("content-length: beside transfer-encoding");
    }
    // Netty's decoder takes 8 octets for the body of a GET with both, whatever else it says.
    if (headers.contains("sec-websocket-key1") && headers.contains("sec-websocket-key2")) {
      return RequestException.invalid("sec-websocket-key1: an old draft's (expected: none)");
    }
    return null;
  }

  /** RFC 9112, section 3.2: which form of a request target goes with which method. */
  private static @Nullable RequestException target(HttpRequest request) {
    if (request.method().equals(HttpMethod.CONNECT)) { // what follows may be no HTTP
      return new RequestException(
          ApiErrorType.INVALID_REQUEST, METHOD_NOT_ALLOWED, "method: CONNECT (expected: POST)");
    }
    String target = request.uri();
    boolean known =
        target.startsWith("/")
            || !RequestPath.authority(target).isEmpty()
            || (target.equals("*") && request.method().equals(HttpMethod.OPTIONS));
    return known && target.indexOf('#') < 0
        ? null
        : RequestException.invalid(
            "request target: " + HeaderText.of(RequestPath.path(target)) + " (expected: a path)");
  }

  /** RFC 9112, section 3.2: one Host in HTTP/1.1; RFC 9110, section 7.2: what is in it. */
  private static @Nullable RequestException host(HttpRequest request) {
    List<String> hosts = request.headers().getAll(HttpHeaderNames.HOST);
    if (hosts.isEmpty() && request.protocolVersion().equals(HttpVersion.HTTP_1_0)) {
      return null;
    }
    String authority = RequestPath.authority(request.uri());
    if (hosts.size() != 1
        || !isHost(hosts.getFirst())
        || !(authority.isEmpty() || isHost(authority))) {
      String shown = String.join(", ", hosts);
      return RequestException.invalid(
          "host: " + HeaderText.of(shown.substring(shown.lastIndexOf('@') + 1)) // no password
              + " (expected: one name, or address, and a port if any)");
    }
    return null;
  }

  /**
   * A name or address, and a port or none. Who may be called what is not asked here; an empty name
   * is none of an http URL (RFC 9110, section 4.2.1).
   */
  private static boolean isHost(String value) {
    int end;
    if (value.startsWith("[")) {
      end = value.indexOf(']') + 1;
      if (end <= 2 || !value.substring(1, end - 1).matches("[0-9A-Fa-f:.]+")) {
        return false;
      }
    } else {
      int colon = value.indexOf(':');
      end = colon < 0 ? value.length() : colon;
      for (int i = 0; i < end; i++) {
        char c = value.charAt(i);
        boolean plain = c < 0x80 && Character.isLetterOrDigit(c);
        if (!plain && "-._~!$&'()*+;=%".indexOf(c) < 0) { // RFC 3986, section 3.2.2, no commas
          return false;
        }
      }
    }
    return end > 0 && (end == value.length() || isPort(value, end));
  }

  private static boolean isPort(String value, int colon) {
    if (value.charAt(colon) != ':' || value.length() - colon - 1 > MAX_PORT_DIGITS) {
      return false;
    }
    for (int i = colon + 1; i < value.length(); i++) {
      if (value.charAt(i) < '0' || value.charAt(i) > '9') {
        return false;
      }
    }
    return true;
  }

  /** RFC 9110, section 10.1.1; HTTP/1.0 knows none. */
  private static @Nullable RequestException expectation(HttpRequest request) {
    String expected = request.headers().get(HttpHeaderNames.EXPECT);
    if (expected == null
        || expected.equalsIgnoreCase("100-continue")
        || request.protocolVersion().equals(HttpVersion.HTTP_1_0)) {
      return null;
    }
    return new RequestException(
        ApiErrorType.INVALID_REQUEST,
        EXPECTATION_FAILED,
        "expect: " + HeaderText.of(expected) + " (expected: 100-continue)");
  }
}
