package dev.ccr.proxy.server;

import dev.ccr.proxy.config.Secret;
import dev.ccr.proxy.json.Splices;
import dev.ccr.proxy.model.RequestException;
import dev.ccr.proxy.provider.Translation;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;

/** Says an exchange's request to its upstream. */
final class UpstreamRequest {

  private UpstreamRequest() {}

  /**
   * Translates the body and fills the head.
   *
   * @param key the provider's
   * @param translation says the body
   * @param path path and query that it is posted to
   * @return the request, given; it holds what it needs of the exchange's body
   * @throws RequestException if the upstream's format cannot say it
   */
  static FullHttpRequest of(
      Exchange exchange,
      Target target,
      Secret key,
      Translation translation,
      String path,
      ByteBufAllocator alloc)
      throws RequestException {
    Splices splices = new Splices(exchange.body());
    ByteBuf body =
        splices.build(translation.encodeRequest(exchange.body(), splices), alloc);
    HttpHeaders headers = DefaultHttpHeadersFactory.headersFactory().newHeaders();
    Headers.forUpstream(exchange, target, key, body.readableBytes(), headers);
    return new DefaultFullHttpRequest(
        HttpVersion.HTTP_1_1, HttpMethod.POST, path, body, headers, EmptyHttpHeaders.INSTANCE);
  }
}
