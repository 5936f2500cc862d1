package dev.ccr.proxy.auth;

import dev.ccr.proxy.model.ApiErrorType;
import dev.ccr.proxy.model.Client;
import dev.ccr.proxy.model.RequestException;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets requests pass whose {@code x-api-key} or {@code authorization: Bearer} is a client key that
 * has not expired. It decides on the head alone, before any of the body is kept. Claude Code sends
 * both headers, with different values, when both of its variables are set: one that fits is enough.
 */
public final class AuthHandler extends ChannelInboundHandlerAdapter {

  private static final String BEARER = "Bearer ";

  private final Supplier<ClientKeys> keys;
  private final Consumer<Client> admitted;
  private final InstantSource clock;

  /**
   * @param keys asked for every request, since a reload may change them
   * @param admitted told whose key let a request in
   */
  public AuthHandler(Supplier<ClientKeys> keys, Consumer<Client> admitted) {
    this(keys, admitted, InstantSource.system());
  }

  /** @param clock says which keys have expired */
  AuthHandler(Supplier<ClientKeys> keys, Consumer<Client> admitted, InstantSource clock) {
    this.keys = keys;
    this.admitted = admitted;
    this.clock = clock;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) throws RequestException {
    if (msg instanceof HttpRequest request
        && request.decoderResult().isSuccess()) { // else its key may be lost, and it is refused
      ClientKeys known = keys.get();
      if (!known.isOpen()) {
        Instant now = clock.instant();
        Client client = client(known, request.headers(), now);
        if (client == null || client.isExpired(now)) {
          throw new RequestException(ApiErrorType.AUTHENTICATION, refusal(client));
        }
        admitted.accept(client);
      }
    }
    ctx.fireChannelRead(msg);
  }

  /** Whether the headers hold one of the keys that have not expired, or none is needed. */
  public static boolean admits(ClientKeys known, HttpHeaders headers) {
    if (known.isOpen()) {
      return true;
    }
    Instant now = Instant.now();
    Client client = client(known, headers, now);
    return client != null && !client.isExpired(now);
  }

  /** Whoever has the key may be told when it expired. */
  private static String refusal(@Nullable Client expired) {
    return expired == null
        ? "this router wants a key as x-api-key or authorization: Bearer (expected: its APIKEY or"
            + " one of its CLIENT_KEYS); the one given, if any, is neither"
        : "the key of " + expired.name() + " has expired: " + expired.expires()
            + " (expected: a key that is still valid)";
  }

  /** Whose key the headers hold, an expired one only if there is no better. */
  private static @Nullable Client client(ClientKeys known, HttpHeaders headers, Instant now) {
    String authorization = headers.get(HttpHeaderNames.AUTHORIZATION, "");
    String bearer =
        authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())
            ? authorization.substring(BEARER.length()).strip()
            : "";
    Client client = known.client(bearer);
    if (client != null && !client.isExpired(now)) {
      return client;
    }
    Client other = known.client(headers.get("x-api-key", "").strip());
    return other != null && (client == null || !other.isExpired(now)) ? other : client;
  }
}
