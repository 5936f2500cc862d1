package dev.ccr.proxy.mock;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * One whole request as a {@link MockUpstream} received it. On the heap: nothing needs releasing.
 *
 * @param method its method
 * @param uri the request target as sent, with its query
 * @param headers a copy of its headers, trailers left out; shared by all who see this request, so
 *     only to be read
 * @param content the body without transfer coding, read-only; each call gives a view with its own
 *     position over the same bytes, so nothing is copied and nothing can be changed
 * @param connection the connection it came on, counted from 1 in the order of acceptance
 */
public record MockRequest(
    HttpMethod method, String uri, HttpHeaders headers, ByteBuffer content, int connection) {

  /** Copies the headers and takes a read-only view of the content, which must not change later. */
  public MockRequest {
    headers = headers.copy();
    content = content.slice().asReadOnlyBuffer();
  }

  @Override
  public ByteBuffer content() {
    return content.duplicate();
  }

  /** The body as a fresh array, the caller's own; a copy at each call. */
  public byte[] bytes() {
    byte[] copy = new byte[content.remaining()];
    content.get(0, copy);
    return copy;
  }

  /** The body decoded as UTF-8; malformed bytes become U+FFFD. Decoded anew at each call. */
  public String body() {
    return StandardCharsets.UTF_8.decode(content.duplicate()).toString();
  }

  /** The request target up to its query. */
  public String path() {
    int query = uri.indexOf('?');
    return query < 0 ? uri : uri.substring(0, query);
  }
}
