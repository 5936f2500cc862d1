package dev.ccr.proxy.config;

import java.net.URI;
import java.net.URISyntaxException;
import org.jspecify.annotations.Nullable;

/** Reads URLs, and shows them without the parts that may hold a secret. */
final class UrlReader {
  private static final String HTTP = "an absolute http or https URL";
  private static final int MAX_PORT = 65535;

  private UrlReader() {}

  /** The URL of a provider, or {@code null} with a problem. */
  static @Nullable URI endpoint(Node.Text text, String path, ConfigProblems problems) {
    URI url = null;
    String fault = HTTP;
    try {
      url = new URI(text.value().strip());
      fault = fault(url);
    } catch (URISyntaxException e) {
      // the fault it has already
    }
    if (fault != null) {
      problems.problem(
          text.line(), path, ConfigProblems.quoted(redacted(text.source())), fault);
      return null;
    }
    return url;
  }

  private static @Nullable String fault(URI url) {
    String authority = url.getRawAuthority();
    if (isHttp(url) && authority != null && authority.indexOf('@') >= 0) {
      return "a URL without user information, since secrets belong in api_key";
    }
    if (!isHttp(url) || !hasHost(url)) {
      return HTTP;
    }
    return url.getRawFragment() == null ? null : "a URL without a fragment";
  }

  static boolean isHttp(URI url) {
    return "http".equalsIgnoreCase(url.getScheme()) || "https".equalsIgnoreCase(url.getScheme());
  }

  static boolean hasHost(URI url) {
    return url.getHost() != null && url.getPort() != 0 && url.getPort() <= MAX_PORT;
  }

  /** The URL without user information and query. */
  static String redacted(String url) {
    int at = url.lastIndexOf('@');
    int slashes = url.indexOf("//");
    String start = at < 0 || slashes < 0 || slashes > at ? "" : url.substring(0, slashes + 2);
    String open = at < 0 ? url : start + "***" + url.substring(at);
    int query = open.indexOf('?');
    return query < 0 ? open : open.substring(0, query) + "?***";
  }
}
