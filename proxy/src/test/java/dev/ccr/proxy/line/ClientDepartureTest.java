package dev.ccr.proxy.line;

import static dev.ccr.proxy.testing.Sockets.readUntil;
import static dev.ccr.proxy.testing.Sockets.skipAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ccr.proxy.config.Config;
import dev.ccr.proxy.config.ConfigException;
import dev.ccr.proxy.config.ConfigReader;
import dev.ccr.proxy.testing.Chat;
import dev.ccr.proxy.testing.FullQueue;
import dev.ccr.proxy.testing.Router;
import dev.ccr.proxy.testing.TcpTable;
import dev.ccr.proxy.upstream.Transport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Whenever a client leaves, its upstream is let go at once. */
final class ClientDepartureTest {

  /** Shorter than any clock of the router's. */
  private static final int PROMPT_MILLIS = 2_500;

  private static final String STREAM =
      "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n";
  private static final String CLAUDE_EVENT =
      "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"m\"}}\n\n";

  /** How far an exchange has come. */
  enum Phase {
    TLS_HANDSHAKE("https", "/v1/messages", request("chat,m", true), "", ""),
    REQUEST_HALF_WRITTEN("http", "/v1/messages", request("chat,m", true), "", ""),
    COUNTING_UPSTREAM("http", "/v1/messages/count_tokens", request("claude,m", false), "", ""),
    AWAITING_THE_FIRST_BYTE("http", "/v1/messages", request("chat,m", true), "", ""),
    INTERIM_ANSWER(
        "http", "/v1/messages", request("chat,m", true), "HTTP/1.1 103 Early Hints\r\n\r\n", ""),
    HEAD_WITHOUT_A_BODY("http", "/v1/messages", request("chat,m", true), STREAM, ""),
    STREAMING(
        "http", "/v1/messages", request("chat,m", true), STREAM + Chat.text("a"), "text_delta"),
    STREAMING_CLAUDE(
        "http", "/v1/messages", request("claude,m", true), STREAM + CLAUDE_EVENT, "message_start"),
    MESSAGE_HALF_READ(
        "http",
        "/v1/messages",
        request("chat,m", false),
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 999\r\n\r\n{\"id\":",
        ""),
    ERROR_HALF_READ(
        "http",
        "/v1/messages",
        request("chat,m", true),
        "HTTP/1.1 500 x\r\ncontent-length: 999\r\n\r\nhalf",
        "half"),
    WITH_A_REQUEST_SENT_AHEAD(
        "http", "/v1/messages", request("chat,m", true), STREAM + Chat.text("a"), "text_delta");

    private final String scheme;
    private final String path;
    private final String request;
    private final String answer;
    private final String seen;

    /**
     * @param answer what the upstream has sent
     * @param seen what the client has seen of it
     */
    Phase(String scheme, String path, String request, String answer, String seen) {
      this.scheme = scheme;
      this.path = path;
      this.request = request;
      this.answer = answer;
      this.seen = seen;
    }

    private static String request(String model, boolean stream) {
      return Chat.request(model, stream);
    }
  }

  enum Departure {
    FIN,
    RST,
    /** The client still reads, but says that it will send nothing more: the same as leaving. */
    HALF_CLOSE;

    void leave(Socket client) throws IOException {
      switch (this) {
        case FIN -> client.close();
        case RST -> {
          client.setSoLinger(true, 0);
          client.close();
        }
        case HALF_CLOSE -> client.shutdownOutput();
      }
    }
  }

  static Stream<Arguments> departures() {
    List<Arguments> all = new ArrayList<>();
    for (Phase phase : Phase.values()) {
      for (Departure departure : Departure.values()) {
        for (Transport transport : Transport.values()) {
          if (isTold(phase, transport)
              && (phase != Phase.REQUEST_HALF_WRITTEN || departure == Departure.FIN)) { // slow
            all.add(Arguments.of(phase, departure, transport));
          }
        }
      }
    }
    return all.stream();
  }

  /** Java does not tell of a departure while nothing is read; the next write, a ping's, would. */
  private static boolean isTold(Phase phase, Transport transport) {
    return phase != Phase.WITH_A_REQUEST_SENT_AHEAD || transport == Transport.EPOLL;
  }

  @ParameterizedTest
  @MethodSource("departures")
  void whenTheClientLeavesTheUpstreamIsLetGo(
      Phase phase, Departure departure, Transport transport) throws Exception {
    try (ServerSocket upstream = new ServerSocket(0, 9, InetAddress.ofLiteral("127.0.0.1"));
        Router router = Router.start(config(upstream.getLocalPort(), phase.scheme), transport);
        Socket client = router.connect()) {
      upstream.setSoTimeout(PROMPT_MILLIS);
      upstream.setReceiveBufferSize(16 << 10);
      String body =
          phase == Phase.REQUEST_HALF_WRITTEN
              ? phase.request.replace("\"messages\":[", "\"system\":\"" + "x".repeat(9 << 20)
                  + "\",\"messages\":[")
              : phase.request;
      client.getOutputStream().write(raw(phase.path, body));
      if (phase == Phase.WITH_A_REQUEST_SENT_AHEAD) {
        client.getOutputStream().write(raw(phase.path, body));
      }
      try (Socket peer = upstream.accept()) {
        peer.setSoTimeout(PROMPT_MILLIS);
        assertEquals(
            5, peer.getInputStream().readNBytes(5).length, "the exchange has reached its upstream");
        peer.getOutputStream().write(phase.answer.getBytes(StandardCharsets.UTF_8));
        readUntil(client, phase.seen);

        departure.leave(client);

        if (phase == Phase.REQUEST_HALF_WRITTEN && TcpTable.exists()) {
          TcpTable.await(upstream.getLocalPort(), TcpTable.ESTABLISHED, 0); // then is it read on
        }
        long rest = skipAll(peer);
        assertTrue(rest < body.length() || phase != Phase.REQUEST_HALF_WRITTEN, rest + " bytes");
        if (departure == Departure.HALF_CLOSE) {
          client.setSoTimeout(PROMPT_MILLIS);
          skipAll(client);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void whenTheClientLeavesAConnectionInTheMakingIsGivenUp(Transport transport) throws Exception {
    assumeTrue(TcpTable.exists(), "only the kernel knows of it");
    try (FullQueue upstream = new FullQueue();
        Router router = Router.start(config(upstream.port(), "http"), transport)) {
      TcpTable.await(upstream.port(), TcpTable.SYN_SENT, 0);
      try (Socket client = router.connect()) {
        client.getOutputStream().write(Router.raw(Chat.request("chat,m", true)));
        TcpTable.await(upstream.port(), TcpTable.SYN_SENT, 1);
      }
      TcpTable.await(upstream.port(), TcpTable.SYN_SENT, 0);
    }
  }

  @Test
  void aClientThatSaysNothingIsAskedByTheKernelWhetherItIsStillThere() throws Exception {
    assumeTrue(TcpTable.exists() && Transport.best() == Transport.EPOLL, "Linux only");
    try (ServerSocket upstream = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"));
        Router router = Router.start(config(upstream.getLocalPort(), "http"), Transport.EPOLL);
        Socket client = router.connect()) {
      client
          .getOutputStream()
          .write("GET /health HTTP/1.1\r\nhost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      readUntil(client, "\r\n\r\n");
      List<Long> due = TcpTable.questionsDue(router.port());
      assertEquals(1, due.size(), due.toString());
      assertTrue(due.getFirst() <= 3_000, "within 30 s: " + due);
    }
  }

  private static byte[] raw(String path, String body) {
    return new String(Router.raw(body), StandardCharsets.UTF_8)
        .replace("/v1/messages ", path + " ")
        .getBytes(StandardCharsets.UTF_8);
  }

  private static Config config(int port, String scheme) throws ConfigException {
    String url = scheme + "://127.0.0.1:" + port;
    return ConfigReader.parse(
        "test.json",
        """
        {"APIKEY": "%s", "Providers": [
          {"name": "chat", "api_base_url": "%s/v1/chat/completions", "api_key": "k"},
          {"name": "claude", "api_base_url": "%s/v1/messages", "api_key": "k"}]}
        """
            .formatted(Router.KEY, url, url),
        Map.of("CCR_PORT", "0"));
  }
}
