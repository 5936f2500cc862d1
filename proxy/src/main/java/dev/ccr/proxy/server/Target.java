package dev.ccr.proxy.server;

import dev.ccr.proxy.attempt.ProviderHealth;
import dev.ccr.proxy.catalog.Dialect;
import dev.ccr.proxy.config.ProviderConfig;
import dev.ccr.proxy.model.UpstreamException;
import dev.ccr.proxy.config.Way;
import dev.ccr.proxy.provider.ProviderCodec;
import dev.ccr.proxy.upstream.Origin;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * A provider, ready to be asked.
 *
 * @param path path and query that requests are posted to
 * @param health in what state it is
 */
public record Target(
    ProviderConfig provider,
    Origin origin,
    String path,
    ProviderCodec codec,
    ProviderHealth health) {

  static Target of(ProviderConfig provider, Way way, ProviderHealth health) {
    URI url = provider.provider().url();
    String path = orEmpty(url.getRawPath());
    String query = url.getRawQuery() == null ? "" : "?" + url.getRawQuery();
    return new Target(
        provider,
        Origin.of(url).by(way),
        (path.isEmpty() ? "/" : path) + query,
        Dialect.codec(provider.provider().profile()),
        health);
  }

  /**
   * The request target for one request.
   *
   * @param query the client's query, without its question mark; only the Claude API gets it
   */
  String pathWith(String query) {
    if (query.isEmpty() || !codec.speaksClaude()) {
      return path;
    }
    return path + (path.indexOf('?') < 0 ? '?' : '&') + query;
  }

  /** Likewise, for the question how many tokens a request has: below the path of messages. */
  String countPathWith(String query) {
    String whole = pathWith(query);
    int mark = whole.indexOf('?');
    int end = mark < 0 ? whole.length() : mark;
    return whole.substring(0, end) + "/count_tokens" + whole.substring(end);
  }

  /** The failure of an upstream that broke off or answered with what nobody can use: 502. */
  UpstreamException broken(String what) {
    return UpstreamException.badGateway("upstream " + origin + ": " + what);
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }
}
