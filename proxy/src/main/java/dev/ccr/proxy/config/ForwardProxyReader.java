package dev.ccr.proxy.config;

import static dev.ccr.proxy.config.ConfigProblems.ENVIRONMENT;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads which proxies are used: {@code PROXY_URL}, a provider's own, and those of variables. */
final class ForwardProxyReader {
  private static final String KEY = "PROXY_URL";
  private static final String OF_PROVIDER = "proxy";
  private static final String DIRECT = "direct";

  private ForwardProxyReader() {}

  /** That of the whole file; {@code null} if there is none, or it is at fault. */
  static @Nullable ForwardProxy read(Section root, ConfigProblems problems) {
    Node.Text text = root.text(KEY);
    return text == null || text.value().isBlank() ? null : read(root, KEY, text, "", problems);
  }

  /** What a provider says of the connections to it. */
  static Outbound outbound(Section section, ConfigProblems problems) {
    TlsFiles tls = new TlsReader(problems).ofProvider(section);
    Node.Text text = section.text(OF_PROVIDER);
    if (text == null || text.value().isBlank()) {
      return new Outbound(false, null, tls);
    }
    if (text.value().strip().equalsIgnoreCase(DIRECT)) {
      return new Outbound(true, null, tls);
    }
    return new Outbound(false, read(section, OF_PROVIDER, text, DIRECT + ", or ", problems), tls);
  }

  private static @Nullable ForwardProxy read(
      Section section, String key, Node.Text text, String or, ConfigProblems problems) {
    String value = text.value().strip();
    ForwardProxy proxy =
        text.unset().isEmpty()
            ? parse(section.path(key), value, Secret.of(value, text.written().strip()))
            : null;
    if (proxy == null) {
      problems.problem(
          text.line(),
          section.path(key),
          ConfigProblems.quoted(UrlReader.redacted(text.source())),
          or + "an http or https URL of a host, and of variables that are set");
    }
    return proxy;
  }

  /**
   * Those of the environment. What cannot be used is a warning only, since the environment is not
   * the router's alone.
   */
  static ProxyVariables variables(Map<String, String> env, ConfigProblems problems) {
    return new ProxyVariables(
        variable(env, problems, "HTTPS_PROXY", "ALL_PROXY"),
        variable(env, problems, "HTTP_PROXY", "ALL_PROXY"),
        NoProxy.of(value(env, "NO_PROXY")));
  }

  private static @Nullable ForwardProxy variable(
      Map<String, String> env, ConfigProblems problems, String... names) {
    for (String upper : names) {
      for (String name : List.of(upper.toLowerCase(Locale.ROOT), upper)) {
        String value = env.getOrDefault(name, "").strip();
        if (!value.isEmpty()) {
          String url = value.contains("://") ? value : "http://" + value;
          ForwardProxy proxy = parse(name, url, Secret.of(value));
          if (proxy == null) {
            problems.warning(
                ENVIRONMENT,
                name + ": " + ConfigProblems.quoted(UrlReader.redacted(value))
                    + ": no http or https URL of a host: upstreams are reached without it");
          }
          return proxy;
        }
      }
    }
    return null;
  }

  /** In small letters first, as other programs do. */
  private static String value(Map<String, String> env, String upper) {
    String lower = env.getOrDefault(upper.toLowerCase(Locale.ROOT), "");
    return lower.isBlank() ? env.getOrDefault(upper, "") : lower;
  }

  private static @Nullable ForwardProxy parse(String key, String value, Secret configured) {
    try {
      URI url = new URI(value);
      if (!UrlReader.isHttp(url) || !UrlReader.hasHost(url)) {
        return null;
      }
      String credentials = url.getUserInfo();
      return new ForwardProxy(
          key,
          new URI(url.getScheme(), null, url.getHost(), url.getPort(), null, null, null),
          Secret.of(credentials == null ? "" : credentials),
          configured);
    } catch (URISyntaxException e) {
      return null;
    }
  }
}
