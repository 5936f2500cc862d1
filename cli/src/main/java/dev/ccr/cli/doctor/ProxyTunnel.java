package dev.ccr.cli.doctor;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.ccr.proxy.config.ForwardProxy;
import dev.ccr.proxy.upstream.Origin;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.net.Socket;
import java.util.Base64;

/** Asks a forward proxy for a tunnel, as the router does, on a socket that blocks. */
final class ProxyTunnel {

  private static final int MAX_HEAD = 16_384;

  private ProxyTunnel() {}

  /**
   * Makes a connection to a proxy one to an origin.
   *
   * @throws ProtocolException if the proxy refuses; without its own words
   */
  static void open(Socket socket, Origin origin, ForwardProxy proxy) throws IOException {
    String credentials = proxy.credentials().reveal();
    String pair = credentials.indexOf(':') < 0 ? credentials + ':' : credentials;
    String authorization =
        credentials.isEmpty()
            ? ""
            : "proxy-authorization: Basic "
                + Base64.getEncoder().encodeToString(pair.getBytes(UTF_8))
                + "\r\n";
    String request =
        "CONNECT %1$s HTTP/1.1\r\nhost: %1$s\r\n%2$s\r\n"
            .formatted(origin.authority(), authorization);
    socket.getOutputStream().write(request.getBytes(ISO_8859_1));
    String head = head(socket.getInputStream());
    if (!head.matches("(?s)HTTP/1\\.[01] \\d{3}\\b.*")) {
      throw new ProtocolException("the proxy speaks no HTTP");
    }
    String status = head.substring(9, 12);
    if (!status.equals("200")) {
      throw new ProtocolException("the proxy refuses: " + status);
    }
  }

  private static String head(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0 && head.length() < MAX_HEAD) {
      int next = in.read();
      if (next < 0) {
        throw new ProtocolException("the proxy closes the connection");
      }
      head.append((char) next);
    }
    return head.toString();
  }
}
