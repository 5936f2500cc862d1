package dev.ccr.proxy.config;

import java.net.URI;
import java.net.URISyntaxException;
import org.jspecify.annotations.Nullable;

/** Reads {@code PROXY_URL}. */
final class ForwardProxyReader {
  private static final String KEY = "PROXY_URL";

  private ForwardProxyReader() {}

  /** {@code null} if there is none, or it is at fault. */
  static @Nullable ForwardProxy read(Section root, ConfigProblems problems) {
    Node.Text text = root.text(KEY);
    if (text == null || text.value().isBlank()) {
      return null;
    }
    ForwardProxy proxy = parse(text);
    if (proxy == null || !text.unset().isEmpty()) {
      String shown = ConfigProblems.quoted(UrlReader.redacted(text.source()));
      problems.problem(
          text.line(),
          root.path(KEY),
          shown,
          "an http or https URL of a host, and of variables that are set");
      return null;
    }
    problems.warning(
        text.line(), root.path(KEY) + ": not used yet: upstreams are reached directly");
    return proxy;
  }

  private static @Nullable ForwardProxy parse(Node.Text text) {
    try {
      String configured = text.value().strip();
      URI url = new URI(configured);
      if (!UrlReader.isHttp(url) || !UrlReader.hasHost(url)) {
        return null;
      }
      String credentials = url.getUserInfo();
      return new ForwardProxy(
          new URI(url.getScheme(), null, url.getHost(), url.getPort(), null, null, null),
          Secret.of(credentials == null ? "" : credentials),
          Secret.of(configured, text.written().strip()));
    } catch (URISyntaxException e) {
      return null;
    }
  }
}
