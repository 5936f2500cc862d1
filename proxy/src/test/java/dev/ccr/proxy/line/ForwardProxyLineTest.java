package dev.ccr.proxy.line;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ccr.proxy.config.Config;
import dev.ccr.proxy.config.ConfigException;
import dev.ccr.proxy.config.ConfigReader;
import dev.ccr.proxy.mock.MockUpstream;
import dev.ccr.proxy.mock.Reply;
import dev.ccr.proxy.testing.ConnectProxy;
import dev.ccr.proxy.testing.Router;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole router whose upstream is known to a forward proxy alone. */
final class ForwardProxyLineTest {

  private static final String HOST = "upstream.example";
  private static final String REQUEST =
      """
      {"model": "m", "max_tokens": 9, "messages": [{"role": "user", "content": "canary words"}]}
      """;
  private static final String ANSWER =
      """
      {"id": "x", "object": "chat.completion", "model": "m", "choices": [{"index": 0,
       "message": {"role": "assistant", "content": "hello"}, "finish_reason": "stop"}]}
      """;

  @TempDir private Path folder;
  private MockUpstream upstream;
  private Path ca;

  @BeforeEach
  void start() throws Exception {
    X509Bundle own =
        new CertificateBuilder()
            .ecp256()
            .subject("CN=upstream")
            .addSanDnsName(HOST)
            .setIsCertificateAuthority(true)
            .buildSelfSigned();
    ca = Files.writeString(folder.resolve("ca.pem"), own.getCertificatePEM());
    upstream =
        MockUpstream.start(
            request -> Reply.json(200, ANSWER),
            SslContextBuilder.forServer(own.getKeyPair().getPrivate(), own.getCertificatePath())
                .sslProvider(SslProvider.JDK)
                .build());
  }

  private Config config(String more, Map<String, String> env) throws ConfigException {
    return ConfigReader.parse(
        "config.json",
        """
        {"APIKEY": "%s", %s
         "Providers": [{"name": "p", "api_base_url": "https://%s/v1/chat/completions",
           "api_key": "%s", "tls": {"ca": "%s"}}],
         "Router": {"default": "p,m"}}
        """
            .formatted(Router.KEY, more, HOST, Router.PROVIDER_KEY, ca),
        env);
  }

  private static String url(ConnectProxy proxy, String credentials) {
    return "http://" + credentials + "127.0.0.1:" + proxy.port();
  }

  private static void assertAnswered(Router router) throws Exception {
    HttpResponse<String> answer = router.post(REQUEST);
    assertEquals(200, answer.statusCode(), answer.body());
    assertTrue(answer.body().contains("hello"), answer.body());
  }

  @Test
  void aReloadedProxyIsUsedFromTheNextRequestOn() throws Exception {
    try (MockUpstream server = upstream;
        ConnectProxy first = ConnectProxy.to(server.port());
        ConnectProxy second = ConnectProxy.to(server.port())) {
      Map<String, String> env =
          Map.of("CCR_PORT", "0", "HTTPS_PROXY", url(first, "me:hidden@"), "NO_PROXY", "other");
      try (Router router = Router.start(config("", env))) {
        assertAnswered(router);
        assertAnswered(router);
        assertEquals(1, first.heads().size());
        String url = "\"PROXY_URL\": \"" + url(second, "") + "\",";
        router.listener().loaded(config(url, env));
        assertAnswered(router);
        assertEquals(1, first.heads().size());
        assertEquals(
            List.of("CONNECT " + HOST + ":443 HTTP/1.1\r\nhost: " + HOST + ":443"),
            second.heads());
      }
      for (String secret : List.of(Router.KEY, Router.PROVIDER_KEY, "canary words", "x-api")) {
        assertFalse(first.seen().contains(secret) || second.seen().contains(secret), secret);
      }
      assertTrue(
          server.requests().stream()
              .noneMatch(request -> request.headers().contains("proxy-authorization")));
    }
  }

  @Test
  void aProxyThatRefusesIsA502ThatNamesNoCredentials() throws Exception {
    String refusal =
        "HTTP/1.1 407 No\r\nproxy-authenticate: Basic realm=\"canary\"\r\n"
            + "set-cookie: canary=1\r\ncontent-length: 6\r\n\r\ncanary";
    try (MockUpstream server = upstream;
        ConnectProxy proxy = ConnectProxy.thatSays(refusal)) {
      String more = "\"PROXY_URL\": \"" + url(proxy, "me:hidden@") + "\",";
      try (Router router = Router.start(config(more, Map.of("CCR_PORT", "0")))) {
        HttpResponse<String> answer = router.post(REQUEST);
        assertEquals(502, answer.statusCode());
        assertTrue(
            answer
                .body()
                .contains(
                    "upstream https://" + HOST + ": proxy " + url(proxy, "")
                        + " refuses: 407 Proxy Authentication Required (expected: another user"
                        + " and password in PROXY_URL)"),
            answer.body());
        String all = answer.headers().map() + answer.body();
        assertFalse(all.contains("hidden") || all.contains("canary"), all);
      }
      assertEquals(0, server.requests().size());
    }
  }
}
