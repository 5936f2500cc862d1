package dev.ccr.proxy.mock;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import org.junit.jupiter.api.RepeatedTest;

final class MockUpstreamCloseTest {

  @RepeatedTest(20) // as often as it takes for a loop to be asked while it runs tasks
  void aClosedServerRefusesConnections() {
    int port;
    try (MockUpstream server = MockUpstream.start(request -> Reply.silence())) {
      port = server.port();
    }
    assertThrows(
        ConnectException.class, () -> new Socket(InetAddress.ofLiteral("127.0.0.1"), port));
  }
}
