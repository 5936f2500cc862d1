package dev.ccr.proxy.line;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ccr.proxy.config.Config;
import dev.ccr.proxy.config.ConfigException;
import dev.ccr.proxy.config.ConfigWatcher;
import dev.ccr.proxy.mock.MockRequest;
import dev.ccr.proxy.mock.MockUpstream;
import dev.ccr.proxy.mock.Reply;
import dev.ccr.proxy.testing.Chat;
import dev.ccr.proxy.testing.Router;
import java.lang.ref.WeakReference;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A thousand configurations one after the other under streams. Each names its provider, model, key
 * and path by its own number: a request that mixes two of them would be seen at the upstream.
 */
final class ReloadLoadTest {

  private static final int RELOADS = 1_000;
  private static final int CLIENTS = 6;
  private static final int EVENTS = 40;
  private static final Duration LIMIT = Duration.ofSeconds(20);

  @TempDir private Path folder = Path.of("unset");

  private final List<WeakReference<Config>> loaded = new ArrayList<>();
  private final AtomicInteger rejected = new AtomicInteger();
  private final AtomicInteger streams = new AtomicInteger();
  private final ConcurrentLinkedQueue<String> wrong = new ConcurrentLinkedQueue<>();

  @Test
  void aThousandReloadsBreakNoStreamAndLeaveNothingBehind() throws Exception {
    List<String> events = new ArrayList<>();
    for (int i = 0; i < EVENTS; i++) {
      events.add(Chat.text("word" + i + " "));
    }
    events.add(Chat.STOP);
    events.add(Chat.DONE);
    Reply reply = Reply.sse(events);
    AtomicBoolean over = new AtomicBoolean();
    try (MockUpstream upstream =
            MockUpstream.start(
                request -> {
                  check(request);
                  return reply;
                });
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
      Path file = folder.resolve("config.json");
      write(file, config(0, upstream));
      try (ConfigWatcher watcher = new ConfigWatcher(file, Map.of("CCR_PORT", "0"));
          Router router = Router.start(watcher.read())) {
        watcher.start(counting(router.listener()));
        String expected = router.post(Chat.request("x", true)).body();
        List<Future<?>> running = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
          running.add(clients.submit(() -> stream(router, expected, over)));
        }
        long start = System.nanoTime();
        for (int i = 1; i <= RELOADS; i++) {
          write(file, i % 10 == 0 ? "{\"Providers\": [" : config(i, upstream));
          watcher.reload();
        }
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        over.set(true);
        for (Future<?> client : running) {
          client.get(60, TimeUnit.SECONDS);
        }
        assertEquals(List.of(), List.copyOf(wrong), "of " + streams + " streams");
        assertTrue(streams.get() > CLIENTS, "streams ran meanwhile: " + streams);
        assertTrue(took.compareTo(LIMIT) < 0, "took " + took);
        assertTrue(rejected.get() >= RELOADS / 10, "rejected " + rejected);
        String last = "p" + (RELOADS - 1);
        HttpResponse<String> answer = router.post(Chat.request("x", true));
        assertEquals(last, answer.headers().firstValue("x-ccr-provider").orElse(""));
        assertFewRemain();
      }
    }
  }

  /** Loops until it is over; every answer must be whole. */
  private void stream(Router router, String expected, AtomicBoolean over) {
    while (!over.get()) {
      try {
        HttpResponse<String> answer = router.post(Chat.request("x", true));
        if (answer.statusCode() != 200 || !answer.body().equals(expected)) {
          wrong.add(answer.statusCode() + ": " + answer.body());
        }
        streams.incrementAndGet();
      } catch (Exception e) {
        wrong.add(e.toString());
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  /** {@code /7/v1/chat/completions}, {@code Bearer k7} and the model {@code m7} belong together. */
  private void check(MockRequest request) {
    String number = request.path().replaceAll("^/(\\d+)/.*", "$1");
    String key = request.headers().get("authorization");
    if (!("Bearer k" + number).equals(key)
        || !request.body().contains("\"model\":\"m" + number + "\"")) {
      wrong.add(request.path() + " " + key + " " + request.body());
    }
  }

  private ConfigWatcher.Listener counting(ConfigWatcher.Listener router) {
    return new ConfigWatcher.Listener() {
      @Override
      public void loaded(Config config) throws ConfigException {
        loaded.add(new WeakReference<>(config));
        router.loaded(config);
      }

      @Override
      public void rejected(ConfigException problems) {
        rejected.incrementAndGet();
        router.rejected(problems);
      }
    };
  }

  /** Old configurations are garbage, but for the last request of each connection. */
  private void assertFewRemain() {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    long remaining;
    do {
      System.gc();
      LockSupport.parkNanos(1_000_000);
      remaining = loaded.stream().filter(config -> config.get() != null).count();
    } while (remaining > 2L * CLIENTS + 3 && System.nanoTime() < deadline);
    assertTrue(remaining <= 2L * CLIENTS + 3, remaining + " of " + loaded.size() + " remain");
  }

  private static void write(Path file, String text) throws Exception {
    Path fresh = file.resolveSibling("fresh");
    Files.writeString(fresh, text);
    Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING);
  }

  private static String config(int number, MockUpstream upstream) {
    return """
        {"APIKEY": "%s",
         "Providers": [{"name": "p%d", "api_base_url": "%s", "api_key": "k%d", "models": []}],
         "Router": {"default": "p%d,m%d"}}
        """
        .formatted(
            Router.KEY,
            number,
            upstream.url("/" + number + "/v1/chat/completions"),
            number,
            number,
            number);
  }
}
