package dev.ccr.proxy.model;

import java.util.Map;

/**
 * A rule of the configuration's own: requests that meet all its conditions go to one model.
 *
 * @param name for logs and the {@code x-ccr-route} header
 * @param target names a configured provider
 * @param headers conditions on the request's headers, by their names in lower case; a header that
 *     is missing meets none
 * @param model a condition on the name that the client asks for
 * @param tool one of the request's tools must meet this; {@link Glob#ANY} asks for none
 * @param minTokens the request has at least so many input tokens
 * @param maxTokens and at most so many
 */
public record RouteRule(
    String name,
    ModelRef target,
    Map<String, Glob> headers,
    Glob model,
    Glob tool,
    long minTokens,
    long maxTokens) {

  public RouteRule {
    headers = Map.copyOf(headers);
  }
}
