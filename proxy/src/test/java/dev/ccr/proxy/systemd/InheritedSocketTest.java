package dev.ccr.proxy.systemd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ccr.proxy.ProxyServer;
import dev.ccr.proxy.config.Config;
import dev.ccr.proxy.config.ConfigException;
import dev.ccr.proxy.config.ConfigReader;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** A router on a socket that somebody else has opened: a bare descriptor of this process. */
@EnabledOnOs(OS.LINUX)
final class InheritedSocketTest {

  @BeforeAll
  static void loadEpoll() {
    Epoll.ensureAvailability();
  }

  @Test
  void aRouterAnswersWhereTheSocketListens() throws Exception {
    Socket socket = listening("127.0.0.1");
    int port = socket.localAddress().getPort();
    try (ProxyServer server = ProxyServer.start(config("", 1), socket.intValue());
        HttpClient client = HttpClient.newHttpClient()) {
      assertEquals(port, server.address().getPort());
      for (int i = 0; i < 3; i++) {
        HttpResponse<String> health =
            client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/health")).build(),
                HttpResponse.BodyHandlers.ofString());
        assertEquals(200, health.statusCode());
      }
    }
    assertThrows(IOException.class, () -> connect(port), "the router closes it with itself");
  }

  @Test
  void everybodyIsLetInOnLoopbackOnly() throws Exception {
    Socket socket = listening("0.0.0.0");
    IOException e =
        assertThrows(IOException.class, () -> ProxyServer.start(config("", 0), socket.intValue()));
    String message = String.valueOf(e.getMessage()); // the address is of IPv4, or of both
    assertTrue(message.startsWith("LISTEN_FDS: a socket on 0"), message);
    assertTrue(message.contains(" (expected: one on a loopback address, or an APIKEY,"), message);

    try (ProxyServer server = ProxyServer.start(config("secret", 0), socket.intValue())) {
      ConfigException open =
          assertThrows(ConfigException.class, () -> server.loaded(config("", 0)));
      assertTrue(open.problems().getFirst().contains("APIKEY"), open.problems()::toString);
    }
  }

  @Test
  void whatDoesNotListenIsRefused() throws Exception {
    Socket bound = Socket.newSocketStream();
    bound.bind(any("127.0.0.1"));
    Socket datagrams = Socket.newSocketDgram();
    datagrams.bind(any("127.0.0.1"));
    Socket local = Socket.newSocketDomain();
    Socket closed = Socket.newSocketStream();
    closed.close();
    for (Socket socket : new Socket[] {bound, datagrams, local, closed}) {
      IOException e =
          assertThrows(IOException.class, () -> InheritedSocket.adopt(socket.intValue()));
      assertEquals(
          "LISTEN_FDS: descriptor " + socket.intValue() + " (expected: a TCP socket that listens)",
          e.getMessage());
    }
    bound.close();
    datagrams.close();
    local.close();
  }

  private static Socket listening(String host) throws IOException {
    Socket socket = Socket.newSocketStream();
    socket.bind(any(host));
    socket.listen(16);
    return socket;
  }

  private static void connect(int port) throws IOException {
    new java.net.Socket(InetAddress.ofLiteral("127.0.0.1"), port).close();
  }

  private static InetSocketAddress any(String host) {
    return new InetSocketAddress(InetAddress.ofLiteral(host), 0);
  }

  private static Config config(String key, int port) throws ConfigException {
    String text =
        """
        {"HOST": "127.0.0.1", "PORT": %d, "APIKEY": "%s",
         "Providers": [{"name": "p", "api_base_url": "http://127.0.0.1:9/v1/messages",
                        "api_key": "", "models": ["m"]}],
         "Router": {"default": "p,m"}}
        """
            .formatted(port, key);
    return ConfigReader.parse("test.json", text, Map.of());
  }
}
