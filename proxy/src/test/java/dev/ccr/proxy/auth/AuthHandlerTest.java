package dev.ccr.proxy.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ccr.proxy.model.ApiErrorType;
import dev.ccr.proxy.model.Client;
import dev.ccr.proxy.model.ClientLimits;
import dev.ccr.proxy.model.RequestException;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AuthHandlerTest {

  private Instant now = Instant.EPOCH;
  private final List<String> admitted = new ArrayList<>();
  private final AtomicReference<ClientKeys> keys =
      new AtomicReference<>(new ClientKeys(List.of("key", "other")));
  private final EmbeddedChannel client =
      new EmbeddedChannel(
          new AuthHandler(keys::get, client -> admitted.add(client.name()), () -> now));

  /** @param headers name and value, separated by a colon; headers by a bar */
  private static HttpRequest request(String headers) {
    HttpRequest request =
        new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, "/v1/messages");
    for (String header : headers.split("\\|", -1)) {
      int colon = header.indexOf(':');
      if (colon > 0) {
        request.headers().add(header.substring(0, colon), header.substring(colon + 1));
      }
    }
    return request;
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "the key, x-api-key:key",
    "another key, x-api-key:other",
    "the header's case, X-API-KEY:key",
    "blanks around it, 'x-api-key:key '",
    "a bearer, authorization:Bearer key",
    "the scheme's case, authorization:bEARER key",
    "more blanks, 'Authorization:Bearer   key '",
    "both, x-api-key:key|authorization:Bearer other",
    "the bearer alone fits, x-api-key:sk-ant-1|authorization:Bearer key",
    "the key alone fits, x-api-key:key|authorization:Bearer sk-ant-1",
    "another scheme beside it, x-api-key:key|authorization:Basic a2V5"
  })
  void aRequestWithAKeyPasses(String name, String headers) {
    HttpRequest request = request(headers);
    client.writeInbound(request);
    assertSame(request, client.readInbound());
    assertFalse(client.finish());
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "no header, ''",
    "an empty key, x-api-key:",
    "an empty bearer, authorization:Bearer",
    "a blank bearer, 'authorization:Bearer '",
    "a wrong key, x-api-key:kez",
    "the key's beginning, x-api-key:ke",
    "more than the key, x-api-key:keyy",
    "the key's case, x-api-key:KEY",
    "a wrong bearer, authorization:Bearer kez",
    "no scheme, authorization:key",
    "another scheme, authorization:Basic key",
    "a scheme without its blank, authorization:Bearerkey",
    "a scheme in the other header, x-api-key:Bearer key",
    "both wrong, x-api-key:a|authorization:Bearer b",
    "both keys at once, 'x-api-key:key,other'"
  })
  void aRequestWithoutAKeyIsRefused(String name, String headers) {
    RequestException failure =
        assertThrows(RequestException.class, () -> client.writeInbound(request(headers)));
    assertEquals(401, failure.status());
    assertEquals(ApiErrorType.AUTHENTICATION, failure.type());
    assertEquals(
        "this router wants a key as x-api-key or authorization: Bearer (expected: its APIKEY or one"
            + " of its CLIENT_KEYS); the one given, if any, is neither",
        failure.getMessage());
    assertNull(client.readInbound());
    assertFalse(client.finish());
  }

  @ParameterizedTest
  @CsvSource({"''", "x-api-key:anything", "authorization:Bearer anything"})
  void anOpenRouterLetsEverybodyIn(String headers) {
    keys.set(new ClientKeys(List.of()));
    client.writeInbound(request(headers));
    assertEquals(1, client.inboundMessages().size());
    client.finishAndReleaseAll();
  }

  @Test
  void theHeadAloneDecides() {
    client.writeInbound(request("x-api-key:key"));
    assertEquals(1, client.inboundMessages().size(), "before any of the body");
    HttpContent body = new DefaultHttpContent(Unpooled.buffer(0));
    client.writeInbound(body);
    assertEquals(2, client.inboundMessages().size());
    client.finishAndReleaseAll();
  }

  @Test
  void aChangeOfKeysHoldsForTheNextRequest() {
    client.writeInbound(request("x-api-key:key"));
    keys.set(new ClientKeys(List.of("new")));
    assertThrows(
        RequestException.class, () -> client.writeInbound(request("x-api-key:key")));
    client.writeInbound(request("x-api-key:new"));
    assertEquals(2, client.inboundMessages().size());
    client.finishAndReleaseAll();
  }

  /** Names: {@code printf %s key | sha256sum | head -c 8}. */
  @ParameterizedTest
  @CsvSource({
    "x-api-key:key, 2c70e12b",
    "authorization:Bearer other, d9298a10",
    "x-api-key:key|authorization:Bearer other, d9298a10",
    "x-api-key:key|authorization:Bearer wrong, 2c70e12b"
  })
  void theKeyThatLetARequestInIsToldByName(String headers, String name) {
    client.writeInbound(request(headers));
    assertEquals(List.of(name), admitted);
    client.finishAndReleaseAll();
  }

  private static ClientKeys.Known expiring(String key, String name, String expires) {
    Client client =
        new Client(name, List.of(), Instant.parse(expires), ClientLimits.NONE);
    return new ClientKeys.Known(ClientKeysTest.sha256(key), client);
  }

  @Test
  void aKeyIsGoodUntilTheVeryMomentItExpires() {
    keys.set(ClientKeys.of(List.of(expiring("k", "alice", "2027-01-31T12:00:00Z"))));
    now = Instant.parse("2027-01-31T11:59:59.999Z");
    client.writeInbound(request("x-api-key:k"));
    assertEquals(List.of("alice"), admitted);
    now = Instant.parse("2027-01-31T12:00:00Z");
    RequestException failure =
        assertThrows(
            RequestException.class, () -> client.writeInbound(request("x-api-key:k")));
    assertEquals(401, failure.status());
    assertEquals(
        "the key of alice has expired: 2027-01-31T12:00:00Z (expected: a key that is still valid)",
        failure.getMessage());
    client.finishAndReleaseAll();
  }

  @ParameterizedTest
  @CsvSource({
    "x-api-key:old|authorization:Bearer new, bob",
    "x-api-key:new|authorization:Bearer old, bob",
    "x-api-key:old|authorization:Bearer old, ''",
    "x-api-key:old|authorization:Bearer wrong, ''",
    "x-api-key:wrong|authorization:Bearer old, ''"
  })
  void anExpiredKeyDoesNotStandInTheWayOfAGoodOne(String headers, String name) {
    keys.set(
        ClientKeys.of(
            List.of(
                expiring("old", "alice", "2027-01-31T00:00:00Z"),
                expiring("new", "bob", "2028-01-31T00:00:00Z"))));
    now = Instant.parse("2027-02-01T00:00:00Z");
    if (name.isEmpty()) {
      RequestException failure =
          assertThrows(RequestException.class, () -> client.writeInbound(request(headers)));
      assertTrue(failure.getMessage().startsWith("the key of alice has expired"));
    } else {
      client.writeInbound(request(headers));
      assertEquals(List.of(name), admitted);
    }
    client.finishAndReleaseAll();
  }

  @Test
  void aRouterWhoseKeysHaveAllExpiredIsNotOpen() {
    keys.set(ClientKeys.of(List.of(expiring("k", "alice", "2000-01-01T00:00:00Z"))));
    now = Instant.parse("2027-01-01T00:00:00Z");
    assertThrows(RequestException.class, () -> client.writeInbound(request("")));
    assertFalse(AuthHandler.admits(keys.get(), request("x-api-key:k").headers()));
    client.finishAndReleaseAll();
  }

  @Test
  void whereEverybodyIsLetInNobodyIsNamed() {
    keys.set(new ClientKeys(List.of()));
    client.writeInbound(request("x-api-key:key"));
    assertEquals(List.of(), admitted);
    client.finishAndReleaseAll();
  }

  @Test
  void aHeadThatIsNotHttpIsLeftToWhoRefusesIt() {
    HttpRequest request = request("");
    request.setDecoderResult(DecoderResult.failure(new IllegalArgumentException("header")));
    client.writeInbound(request);
    assertSame(request, client.readInbound());
  }
}
