package dev.ccr.proxy.faults;

import dev.ccr.proxy.testing.Chat;
import dev.ccr.proxy.testing.Router;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Streams that run all the while: an event each few milliseconds, numbered. Nothing that happens to
 * others may be seen in them.
 */
final class Steady implements AutoCloseable {

  static final String PROVIDER = "steady";

  private static final long PACE_MILLIS = 5;
  private static final long PATIENCE_SECONDS = 60;

  private final CountDownLatch ending = new CountDownLatch(1);
  private final AtomicInteger events = new AtomicInteger();
  private final RawUpstream upstream = new RawUpstream(this::play, null);
  private final List<CompletableFuture<String>> clients = new ArrayList<>();
  private final List<CompletableFuture<Boolean>> begun = new ArrayList<>();

  Steady() throws IOException {}

  String origin() {
    return upstream.origin();
  }

  /** Begins a stream; returns when its first event has come. */
  void begin(Router router) throws Exception {
    CompletableFuture<Boolean> first = new CompletableFuture<>();
    CompletableFuture<String> text = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(
            () -> {
              try (Socket client = router.connect()) {
                client.getOutputStream()
                    .write(Router.raw(Chat.request(PROVIDER + ",steady", true)));
                text.complete(read(client, first));
              } catch (IOException | RuntimeException e) {
                first.completeExceptionally(e);
                text.completeExceptionally(e);
              }
            });
    begun.add(first);
    clients.add(text);
    first.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  int count() {
    return clients.size();
  }

  /** Ends the streams; fails unless each client has got all that its upstream has sent. */
  void end() throws Exception {
    ending.countDown();
    for (CompletableFuture<String> client : clients) {
      String numbers = client.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      StringBuilder expected = new StringBuilder();
      int last = Integer.parseInt(numbers.substring(numbers.lastIndexOf(' ') + 1));
      for (int i = 0; i <= last; i++) {
        expected.append(' ').append(i);
      }
      if (!numbers.contentEquals(expected)) {
        throw new AssertionError("a stream that ran meanwhile was disturbed: " + numbers);
      }
      events.addAndGet(-last - 1);
    }
    if (events.get() != 0) {
      throw new AssertionError(events + " events of streams that ran meanwhile were lost");
    }
  }

  private void play(Wire wire) throws IOException, InterruptedException {
    while (wire.request() != null) {
      wire.send(Kind.CHAT_STREAM.head());
      int number = 0;
      do {
        wire.send(Kind.chunk(Chat.text(" " + number++)));
        events.incrementAndGet();
      } while (!ending.await(PACE_MILLIS, TimeUnit.MILLISECONDS));
      wire.send(Kind.chunk(Chat.STOP + Chat.DONE) + "0\r\n\r\n");
    }
  }

  /** The text of a stream up to its end. */
  private static String read(Socket client, CompletableFuture<Boolean> first) throws IOException {
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.UTF_8));
    StringBuilder text = new StringBuilder();
    String mark = "\"text_delta\",\"text\":\"";
    for (String line; (line = lines.readLine()) != null; ) {
      int at = line.indexOf(mark);
      if (at >= 0) {
        text.append(line, at + mark.length(), line.indexOf('"', at + mark.length()));
        first.complete(true);
      }
      if (line.contains("\"message_stop\"")) {
        return text.toString();
      }
    }
    throw new IOException("the stream has no end: " + text);
  }

  @Override
  public void close() throws IOException {
    ending.countDown();
    upstream.close();
  }
}
