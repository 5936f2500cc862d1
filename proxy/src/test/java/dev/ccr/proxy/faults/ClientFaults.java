package dev.ccr.proxy.faults;

import static dev.ccr.proxy.faults.Fault.client;

import dev.ccr.proxy.testing.Router;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;

/** What a client may do before its request is whole, and while it waits for the answer. */
final class ClientFaults {

  private static final Duration IMPATIENCE = Duration.ofMillis(400);
  private static final String LEFT = "left";

  /** What a client does with its connection once the upstream rests. */
  private interface Deed {
    void with(Socket socket, Kind kind) throws Exception;
  }

  private ClientFaults() {}

  static List<Fault> all() {
    return List.of(
        waiting("client closes", (socket, kind) -> socket.close()),
        waiting("client resets", (socket, kind) -> reset(socket)),
        waiting("client closes its half, then all", (socket, kind) -> {
          socket.shutdownOutput();
          reset(socket);
        }),
        waiting("client asks again and leaves", (socket, kind) -> {
          socket.getOutputStream().write(Router.raw(kind.request("sound")));
          reset(socket);
        }),
        waiting("client says words and leaves", (socket, kind) -> {
          socket.getOutputStream().write("words\r\n\r\n".repeat(100).getBytes(
              StandardCharsets.US_ASCII));
          reset(socket);
        }),
        client("client reads nothing and leaves", ClientFaults::readNothing)
            .endless().in(Phase.MID_EVENT).gives(LEFT),
        client("client cuts its request anywhere", ClientFaults::cutEverywhere)
            .in(Phase.BEFORE_HEADERS).gives("whole"),
        request("client announces 200 MB", "content-length: 209715200\r\n\r\n{", 0)
            .gives("413 request_too_large"),
        request("client sends 200 MB in chunks", "transfer-encoding: chunked\r\n\r\n", 200)
            // A reset, for what it writes behind the refusal, may overtake that.
            .gives("413 request_too_large|closed").slow(),
        request("client stops inside its body", "content-length: 100\r\n\r\n{", 0)
            .limited(limits -> limits.clientRequest(IMPATIENCE))
            .gives("408 timeout_error"),
        request("client stops inside its head", "content-le", 0)
            .limited(limits -> limits.clientHeader(IMPATIENCE))
            .gives("408 timeout_error"));
  }

  /** The client does something once its request has reached the upstream. */
  private static Fault waiting(String name, Deed deed) {
    return client(name, (site, kind, phase) -> {
      RawUpstream upstream = site.upstream();
      try (Socket socket = site.router.connect()) {
        socket.getOutputStream().write(Router.raw(kind.request(Site.FAULTY)));
        upstream.awaitResting(1);
        deed.with(socket, kind);
      }
      if (phase != Phase.AFTER_FINISH) { // else nobody waits for the upstream any more
        upstream.awaitResting(0);
      }
      return LEFT;
    }).gives(LEFT);
  }

  private static String readNothing(Site site, Kind kind, Phase phase) throws Exception {
    try (Socket socket = site.router.connect()) {
      socket.setReceiveBufferSize(4_096);
      socket.getOutputStream().write(Router.raw(kind.request(Site.FAULTY)));
      site.upstream().awaitStalled();
      String meanwhile = site.post(kind, "sound");
      if (!meanwhile.equals("whole")) {
        return "meanwhile: " + meanwhile;
      }
      reset(socket);
    }
    return LEFT;
  }

  private static String cutEverywhere(Site site, Kind kind, Phase phase) throws Exception {
    byte[] request = Router.raw(kind.request(Site.FAULTY));
    for (int length = 0; length < request.length; length++) {
      try (Socket socket = site.router.connect()) {
        socket.getOutputStream().write(request, 0, length);
        if (length % 2 == 0) {
          reset(socket);
        }
      }
    }
    return site.post(kind, "sound");
  }

  /** A request whose head ends, and whose body begins, as it is told; then so many megabytes. */
  private static Fault request(String name, String rest, int megabytes) {
    return client(name, (site, kind, phase) -> {
      try (Socket socket = site.router.connect()) {
        String head = "POST /v1/messages HTTP/1.1\r\nhost: localhost\r\nx-api-key: " + Router.KEY
            + "\r\ncontent-type: application/json\r\n" + rest;
        socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
        byte[] chunk = ("100000\r\n" + "x".repeat(1 << 20) + "\r\n")
            .getBytes(StandardCharsets.US_ASCII);
        try {
          for (int i = 0; i < megabytes; i++) {
            socket.getOutputStream().write(chunk);
          }
        } catch (IOException refused) {
          // there may be an answer yet
        }
        Answer answer = read(socket);
        return answer.status() == 0 ? "closed"
            : site.outcome(kind, answer.status(), answer.body());
      }
    }).of(EnumSet.of(Kind.CHAT_STREAM)).in(Phase.BEFORE_HEADERS);
  }

  private static Answer read(Socket socket) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      InputStream in = socket.getInputStream();
      byte[] buffer = new byte[4_096];
      for (int count; (count = in.read(buffer)) > 0; ) {
        bytes.write(buffer, 0, count);
        Answer answer = Answer.of(bytes.toByteArray());
        if (answer.whole()) {
          return answer;
        }
      }
    } catch (IOException reset) {
      // as far as it came
    }
    return Answer.of(bytes.toByteArray());
  }

  private static void reset(Socket socket) throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }
}
