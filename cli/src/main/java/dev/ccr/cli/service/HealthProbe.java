package dev.ccr.cli.service;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Asks a router over HTTP, as a client does, whether it is well. */
final class HealthProbe {

  private static final int PATIENCE_MILLIS = 2_000;
  private static final int MAX_BYTES = 64 << 10;

  private HealthProbe() {}

  /** Whether {@code /health} is answered by 200. */
  static boolean isHealthy(String url) {
    return health(url) != null;
  }

  /** Whether what is well there is a router like this one. */
  static boolean isRouter(String url) {
    String health = health(url);
    return health != null
        && health.startsWith("{\"status\":\"ok\"")
        && health.contains("\"uptime_seconds\":");
  }

  private static @Nullable String health(String url) {
    try {
      HttpURLConnection connection =
          (HttpURLConnection) URI.create(url + "/health").toURL().openConnection(Proxy.NO_PROXY);
      connection.setConnectTimeout(PATIENCE_MILLIS);
      connection.setReadTimeout(PATIENCE_MILLIS);
      connection.setInstanceFollowRedirects(false);
      try {
        if (connection.getResponseCode() != HttpURLConnection.HTTP_OK) {
          return null;
        }
        try (InputStream in = connection.getInputStream()) {
          return new String(in.readNBytes(MAX_BYTES), StandardCharsets.UTF_8);
        }
      } finally {
        connection.disconnect();
      }
    } catch (IOException | IllegalArgumentException e) {
      return null;
    }
  }
}
