package dev.ccr.proxy.auth;

import dev.ccr.proxy.model.ApiErrorType;
import dev.ccr.proxy.model.RequestException;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets requests pass whose {@code x-api-key} or {@code authorization: Bearer} is a client key. It
 * decides on the head alone, before any of the body is kept. Claude Code sends both headers, with
 * different values, when both of its variables are set: one that fits is enough.
 */
public final class AuthHandler extends ChannelInboundHandlerAdapter {

  private static final String BEARER = "Bearer ";

  private final Supplier<ClientKeys> keys;
  private final Consumer<String> admitted;

  /**
   * @param keys asked for every request, since a reload may change them
   * @param admitted told the name of the key that let a request in
   */
  public AuthHandler(Supplier<ClientKeys> keys, Consumer<String> admitted) {
    this.keys = keys;
    this.admitted = admitted;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) throws RequestException {
    if (msg instanceof HttpRequest request
        && request.decoderResult().isSuccess()) { // else its key may be lost, and it is refused
      ClientKeys known = keys.get();
      String id = id(known, request.headers());
      if (id != null) {
        admitted.accept(id);
      } else if (!known.isOpen()) {
        throw new RequestException(
            ApiErrorType.AUTHENTICATION,
            "this router wants its APIKEY as x-api-key or authorization: Bearer; the one given, if"
                + " any, is not it");
      }
    }
    ctx.fireChannelRead(msg);
  }

  /** Whether the headers hold one of the keys, or none is needed. */
  public static boolean admits(ClientKeys known, HttpHeaders headers) {
    return known.isOpen() || id(known, headers) != null;
  }

  private static @Nullable String id(ClientKeys known, HttpHeaders headers) {
    if (known.isOpen()) {
      return null;
    }
    String authorization = headers.get(HttpHeaderNames.AUTHORIZATION, "");
    String bearer =
        authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())
            ? authorization.substring(BEARER.length()).strip()
            : "";
    String id = known.id(bearer);
    return id == null ? known.id(headers.get("x-api-key", "").strip()) : id;
  }
}
