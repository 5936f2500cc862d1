package dev.ccr.proxy.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How files change in the wild, on a real file system. */
final class ConfigWatcherTest {

  private static final Duration NEVER = Duration.ofHours(1);
  private static final Duration SOON = Duration.ofMillis(20);
  private static final long PATIENCE_SECONDS = 30;

  @TempDir private Path folder = Path.of("unset");

  /** What the listener heard: the model of the default route, or the first problem. */
  private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

  private Path file = Path.of("unset");
  private @Nullable ConfigWatcher watcher;

  /** A way of changing a file. */
  enum Change {
    IN_PLACE {
      @Override
      void make(Path file, String text) throws IOException {
        Files.writeString(file, text);
      }
    },
    IN_TWO_PIECES {
      @Override
      void make(Path file, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        try (OutputStream out = Files.newOutputStream(file)) {
          out.write(bytes, 0, bytes.length / 2);
          out.flush();
          out.write(bytes, bytes.length / 2, bytes.length - bytes.length / 2);
        }
      }
    },
    RENAMED_OVER {
      @Override
      void make(Path file, String text) throws IOException {
        Path fresh = file.resolveSibling(".config.json.swp");
        Files.writeString(fresh, text);
        Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING);
      }
    },
    MOVED_AWAY_AND_WRITTEN_ANEW {
      @Override
      void make(Path file, String text) throws IOException {
        Files.move(file, file.resolveSibling("config.json~"), StandardCopyOption.REPLACE_EXISTING);
        Files.writeString(file, text);
      }
    },
    /** Kubernetes: config.json -> ..data/config.json, ..data -> a folder a version. */
    CONFIG_MAP {
      @Override
      void prepare(Path file, String text) throws IOException {
        version(file, "..v1", text);
        Files.createSymbolicLink(file.resolveSibling("..data"), Path.of("..v1"));
        Files.createSymbolicLink(file, Path.of("..data", "config.json"));
      }

      @Override
      void make(Path file, String text) throws IOException {
        version(file, "..v2", text);
        Path link = file.resolveSibling("..data_tmp");
        Files.createSymbolicLink(link, Path.of("..v2"));
        Files.move(link, file.resolveSibling("..data"), StandardCopyOption.ATOMIC_MOVE);
      }
    },
    /** The file is a link into somebody's collection of settings, and is edited there. */
    BEHIND_A_LINK {
      @Override
      void prepare(Path file, String text) throws IOException {
        version(file, "dotfiles", text);
        Files.createSymbolicLink(file, Path.of("dotfiles", "config.json"));
      }

      @Override
      void make(Path file, String text) throws IOException {
        RENAMED_OVER.make(file.toRealPath(), text);
      }
    },
    /** The folder itself is a link, and is led elsewhere: no watched folder notices. */
    FOLDER_LED_ELSEWHERE {
      @Override
      void prepare(Path file, String text) throws IOException {
        version(file, "../one", text);
        Files.delete(folder(file));
        Files.createSymbolicLink(folder(file), Path.of("one"));
      }

      @Override
      void make(Path file, String text) throws IOException {
        version(file, "../two", text);
        Path link = file.resolveSibling("../link").normalize();
        Files.createSymbolicLink(link, Path.of("two"));
        Files.move(link, folder(file), StandardCopyOption.ATOMIC_MOVE);
      }

      @Override
      Duration look() {
        return SOON;
      }

      private static Path folder(Path file) {
        return Objects.requireNonNull(file.getParent());
      }
    };

    void prepare(Path file, String text) throws IOException {
      Files.writeString(file, text);
    }

    abstract void make(Path file, String text) throws IOException;

    /** Notices alone must do, except where there are none. */
    Duration look() {
      return NEVER;
    }

    private static void version(Path file, String name, String text) throws IOException {
      Path version = file.resolveSibling(name).normalize();
      Files.createDirectories(version);
      Files.writeString(version.resolve("config.json"), text);
    }
  }

  @BeforeEach
  void makeFolder() throws IOException {
    file = Files.createDirectory(folder.resolve("ccr")).resolve("config.json");
  }

  @AfterEach
  void close() {
    if (watcher != null) {
      watcher.close();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aChangeIsHeardOfHoweverItIsMade(Change change) throws Exception {
    prepare(change);
    start(change.look());
    change.make(file, text("second"));
    assertEquals("second", next());
    change.make(file, text("third"));
    assertEquals("third", next());
  }

  @Test
  void aChangeBetweenReadingAndWatchingIsNotLost() throws Exception {
    Files.writeString(file, text("first"));
    ConfigWatcher early = watcher(NEVER);
    assertEquals("first", model(early.read()));
    Files.writeString(file, text("second"));
    early.start(listener());
    assertEquals("second", next());
  }

  @Test
  void aBadFileIsRejectedWithAllItsProblemsAndTheNextGoodOneCounts() throws Exception {
    Files.writeString(file, text("first"));
    start(NEVER);
    Files.writeString(file, "{\"PORT\": \"x\",\n\"HOST\": 7,\n\"Providers\": []}");
    assertEquals(
        "rejected: config.json:1: PORT: \"x\" (expected: a port, 0 to 65535)"
            + " | config.json:2: HOST: 7 (expected: a string)"
            + " | config.json:3: Providers: empty (expected: at least one provider)",
        next());
    Files.delete(file);
    assertEquals("no such file", next().replaceAll(".*(no such file).*", "$1"));
    Files.writeString(file, text("first"));
    assertEquals("first", next(), "though it says what the last good one said");
  }

  @Test
  void aFileThatSaysWhatItSaidIsNoNewsUnlessSomebodyAsks() throws Exception {
    Files.writeString(file, text("first"));
    ConfigWatcher running = start(NEVER);
    Change.RENAMED_OVER.make(file, "// the same\n" + text("first"));
    Files.writeString(file.resolveSibling("neighbour"), "x");
    running.reload();
    assertEquals("first", next());
    Change.IN_PLACE.make(file, text("second"));
    assertEquals("second", next(), "and nothing was told in between");
  }

  @Test
  void whatAListenerRefusesItHearsOfAsRejected() throws Exception {
    Files.writeString(file, text("first"));
    ConfigWatcher fresh = watcher(NEVER);
    fresh.read();
    fresh.start(
        new ConfigWatcher.Listener() {
          @Override
          public void loaded(Config config) throws ConfigException {
            throw new ConfigException(List.of("not here"), List.of());
          }

          @Override
          public void rejected(ConfigException problems) {
            heard.add(problems.getMessage());
          }
        });
    fresh.reload();
    assertEquals("not here", next());
  }

  @Test
  void aListenerThatThrowsDoesNotEndTheWatch() throws Exception {
    Files.writeString(file, text("first"));
    ConfigWatcher fresh = watcher(NEVER);
    fresh.read();
    CountDownLatch thrown = new CountDownLatch(1);
    fresh.start(
        new ConfigWatcher.Listener() {
          @Override
          public void loaded(Config config) {
            if (thrown.getCount() > 0) {
              thrown.countDown();
              throw new IllegalStateException("once");
            }
            heard.add(model(config));
          }

          @Override
          public void rejected(ConfigException problems) {
            heard.add(problems.getMessage());
          }
        });
    Files.writeString(file, text("second"));
    assertEquals(true, thrown.await(PATIENCE_SECONDS, TimeUnit.SECONDS));
    Files.writeString(file, text("third"));
    assertEquals("third", next());
  }

  @Test
  void onceClosedNothingIsHeard() throws Exception {
    Files.writeString(file, text("first"));
    ConfigWatcher running = start(NEVER);
    running.close();
    Files.writeString(file, text("second"));
    running.reload();
    assertNull(heard.poll());
  }

  private void prepare(Change change) throws IOException {
    try {
      change.prepare(file, text("first"));
    } catch (UnsupportedOperationException e) {
      abort("no symbolic links here");
    }
  }

  private ConfigWatcher watcher(Duration look) {
    ConfigWatcher fresh =
        new ConfigWatcher(
            file,
            Map.of(),
            new FileWatch.Timing(Duration.ofMillis(30), Duration.ofSeconds(2), look));
    watcher = fresh;
    return fresh;
  }

  private ConfigWatcher start(Duration look) throws ConfigException {
    ConfigWatcher fresh = watcher(look);
    assertEquals("first", model(fresh.read()));
    fresh.start(listener());
    return fresh;
  }

  private ConfigWatcher.Listener listener() {
    return new ConfigWatcher.Listener() {
      @Override
      public void loaded(Config config) {
        heard.add(model(config));
      }

      @Override
      public void rejected(ConfigException problems) {
        heard.add("rejected: " + String.join(" | ", problems.problems()));
      }
    };
  }

  private String next() throws InterruptedException {
    String text = heard.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    return text == null ? "nothing was heard" : text;
  }

  private static String model(Config config) {
    return config.providers().get(0).provider().models().get(0);
  }

  private static String text(String model) {
    return """
        {"Providers": [{"name": "p", "api_base_url": "http://localhost/", "api_key": "",
                        "models": ["%s"]}],
         "Router": {"default": "p,m"}}
        """
        .formatted(model);
  }
}
