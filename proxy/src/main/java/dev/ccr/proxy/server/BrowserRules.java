package dev.ccr.proxy.server;

import dev.ccr.proxy.config.Config;
import dev.ccr.proxy.config.Server;
import dev.ccr.proxy.model.ApiErrorType;
import dev.ccr.proxy.model.Glob;
import dev.ccr.proxy.model.RequestException;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import org.jspecify.annotations.Nullable;

/**
 * Tells requests that a web page made a browser send from those of programs. A page may send what
 * it likes to any address, a router on this machine included, and may read the answer if its own
 * name can be made to mean that address (DNS rebinding). What it cannot do is lie about the names:
 * {@code host} is the one that the browser looked up, {@code origin} the page's. Safe for any
 * thread.
 */
final class BrowserRules {

  private BrowserRules() {}

  /**
   * Why a request is refused, or {@code null}.
   *
   * @param local whether the router listens on a loopback address only
   */
  static @Nullable RequestException fault(HttpRequest request, Config config, boolean local) {
    String authority = RequestPath.authority(request.uri());
    if (authority.isEmpty()) { // else it counts in place of the header: RFC 9112, section 3.2.2
      authority = request.headers().get(HttpHeaderNames.HOST, "");
    }
    String host = name(authority);
    boolean checked = local || !config.allowedHosts().isEmpty();
    if (checked && !authority.isEmpty() && !isKnown(host, config)) {
      return refused(
          "host: " + HeaderText.of(authority)
              + " (expected: localhost, a loopback address, or a name in ALLOWED_HOSTS)");
    }
    return crossSite(request.headers(), host, local);
  }

  private static boolean isKnown(String host, Config config) {
    if (Server.isLoopback(host) || host.equalsIgnoreCase(config.server().host())) {
      return true;
    }
    for (Glob each : config.allowedHosts()) {
      if (each.matches(host)) {
        return true;
      }
    }
    return false;
  }

  private static @Nullable RequestException crossSite(
      HttpHeaders headers, String host, boolean local) {
    for (String origin : headers.getAll(HttpHeaderNames.ORIGIN)) {
      String site = name(RequestPath.authority(origin)); // empty for null and for extensions
      if (site.isEmpty() || !(site.equalsIgnoreCase(host) || (local && Server.isLoopback(site)))) {
        return refused(
            "origin: " + HeaderText.of(origin)
                + " (expected: none; web pages of other sites may not use this router)");
      }
    }
    if (headers.containsValue("sec-fetch-site", "cross-site", true)) {
      return refused(
          "sec-fetch-site: cross-site (expected: none; web pages of other sites may not use this"
              + " router)");
    }
    return null;
  }

  /** A host without its port, and without brackets or a last dot. */
  static String name(String authority) {
    int close = authority.indexOf(']');
    if (authority.startsWith("[") && close > 0) {
      return authority.substring(1, close);
    }
    int colon = authority.indexOf(':');
    int end = colon < 0 ? authority.length() : colon;
    return authority.substring(0, end > 0 && authority.charAt(end - 1) == '.' ? end - 1 : end);
  }

  private static RequestException refused(String message) {
    return new RequestException(ApiErrorType.PERMISSION, message);
  }
}
