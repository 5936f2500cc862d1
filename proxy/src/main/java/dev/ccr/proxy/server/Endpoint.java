package dev.ccr.proxy.server;

import org.jspecify.annotations.Nullable;

/** What a request is posted to. */
enum Endpoint {
  MESSAGES("/v1/messages"),
  COUNT_TOKENS("/v1/messages/count_tokens");

  private final String path;

  Endpoint(String path) {
    this.path = path;
  }

  String path() {
    return path;
  }

  /** The endpoint of a path, or {@code null}. */
  static @Nullable Endpoint at(String path) {
    for (Endpoint endpoint : values()) {
      if (endpoint.path.equals(path)) {
        return endpoint;
      }
    }
    return null;
  }
}
