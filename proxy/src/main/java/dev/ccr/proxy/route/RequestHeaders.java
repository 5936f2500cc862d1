package dev.ccr.proxy.route;

import org.jspecify.annotations.Nullable;

/** The headers of a request, as far as rules ask for them. */
@FunctionalInterface
public interface RequestHeaders {

  /** No headers at all. */
  RequestHeaders NONE = name -> null;

  /**
   * The first value of a header.
   *
   * @param name whatever its case
   * @return {@code null} if there is none
   */
  @Nullable String get(String name);
}
