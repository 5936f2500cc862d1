package dev.ccr.proxy.line;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ccr.proxy.mock.MockUpstream;
import dev.ccr.proxy.mock.Scenarios;
import dev.ccr.proxy.testing.Chat;
import dev.ccr.proxy.testing.Router;
import dev.ccr.proxy.upstream.Transport;
import dev.ccr.proxy.upstream.UpstreamTls;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A router that listens on a unix socket too. */
@Timeout(60)
final class UnixSocketTest {

  @TempDir private Path folder;

  private Path socket() {
    return folder.resolve("ccr.sock");
  }

  private Router start(MockUpstream upstream, Transport transport) {
    return Router.start(
        upstream, "\"UNIX_SOCKET\": \"" + socket() + "\",", transport, new UpstreamTls());
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void itIsTheOwnersAloneAndAnswersAsThePortAndIsGoneInTheEnd(Transport transport)
      throws Exception {
    try (MockUpstream upstream = MockUpstream.start(new Scenarios());
        Router router = start(upstream, transport)) {
      assertEquals(
          "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(socket())));
      byte[] request = Router.raw(Chat.request("openai,hello", true));
      String answer = ask(new String(request, StandardCharsets.UTF_8).replace(
          "host: localhost\r\n", "host: localhost\r\nconnection: close\r\n"));
      assertTrue(answer.startsWith("HTTP/1.1 200 "), answer);
      assertTrue(answer.contains("event: message_stop"), answer);
      String metrics = ask("GET /metrics HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
      assertTrue(metrics.startsWith("HTTP/1.1 200 "), "who reaches it is on this machine");
      String refused = get("/v1/models");
      assertTrue(refused.startsWith("HTTP/1.1 401 "), refused);
      String atThePort = router.post(Chat.request("openai,hello", true)).body();
      assertEquals(count(atThePort), count(answer), "as many events as at the port");
    }
    assertFalse(Files.exists(socket()), "nothing is left behind");
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void whatACrashedRouterLeftIsReplaced(Transport transport) throws Exception {
    try (ServerSocketChannel crashed = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      crashed.bind(UnixDomainSocketAddress.of(socket()));
    }
    assertTrue(Files.exists(socket()));
    try (MockUpstream upstream = MockUpstream.start(new Scenarios());
        Router router = start(upstream, transport)) {
      assertTrue(get("/health").contains("200 OK"));
      assertEquals(200, router.post(Chat.request("openai,hello", true)).statusCode());
    }
  }

  @Test
  void aRouterThatRunsKeepsItsSocket() throws Exception {
    try (MockUpstream upstream = MockUpstream.start(new Scenarios());
        Router router = start(upstream, Transport.best())) {
      assertRefused(upstream, "in use (expected: a socket that nobody listens on)");
      assertTrue(get("/health").contains("200 OK"));
      assertEquals(200, router.post(Chat.request("openai,hello", true)).statusCode());
    }
  }

  @Test
  void anotherFileIsNotReplaced() throws Exception {
    Files.writeString(socket(), "notes");
    try (MockUpstream upstream = MockUpstream.start(new Scenarios())) {
      assertRefused(
          upstream, "a file (expected: nothing, or a socket that nobody listens on)");
    }
    assertEquals("notes", Files.readString(socket()));
  }

  @Test
  void aFolderThatIsNotThereIsAProblem() throws Exception {
    Files.delete(folder);
    try (MockUpstream upstream = MockUpstream.start(new Scenarios())) {
      assertRefused(upstream, "");
    }
    Files.createDirectory(folder);
  }

  private static int count(String answer) {
    return answer.split("event: ", -1).length - 1;
  }

  private void assertRefused(MockUpstream upstream, String why) {
    IllegalStateException failure =
        assertThrows(
            IllegalStateException.class, () -> start(upstream, Transport.best()).close());
    assertTrue(
        String.valueOf(failure.getMessage()).contains("UNIX_SOCKET: " + socket() + ": " + why),
        failure::getMessage);
  }

  private String get(String path) throws IOException {
    return ask("GET " + path + " HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
  }

  private String ask(String request) throws IOException {
    try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket()))) {
      channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.UTF_8)));
      return new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
