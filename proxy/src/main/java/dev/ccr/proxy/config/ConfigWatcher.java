package dev.ccr.proxy.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the configuration, and reads it again whenever its file changes or somebody asks for it.
 * Any thread may use it; listeners are called one after the other, never on an event loop.
 */
public final class ConfigWatcher implements AutoCloseable {

  /** Who wants to know. */
  public interface Listener {

    /**
     * Takes a valid configuration into use.
     *
     * @throws ConfigException if it cannot be, as things are; it is then {@link #rejected}
     */
    void loaded(Config config) throws ConfigException;

    /** What the file says cannot be used. */
    void rejected(ConfigException problems);
  }

  private static final Logger LOG = LoggerFactory.getLogger(ConfigWatcher.class);

  private final Path file;
  private final Map<String, String> env;
  private final FileWatch watch;

  /** The last {@link Config}, or its problems: what the file said. */
  private @Nullable Object said;

  private @Nullable Listener listener;
  private boolean closed;

  /** @param env as in {@link ConfigReader#read} */
  public ConfigWatcher(Path file, Map<String, String> env) {
    this(file, env, FileWatch.USUAL);
  }

  ConfigWatcher(Path file, Map<String, String> env, FileWatch.Timing timing) {
    this.file = file;
    this.env = env;
    watch = new FileWatch(List.of(file), timing, () -> again(false));
  }

  /**
   * Reads the file for the first time.
   *
   * @throws ConfigException if it cannot be used
   */
  public synchronized Config read() throws ConfigException {
    watch.mark();
    Config config = ConfigReader.read(file, env);
    said = config;
    return config;
  }

  /** Begins to watch the file. Changes since it was read count. */
  public synchronized void start(Listener listener) {
    this.listener = listener;
    watch.start();
  }

  /** Reads the file now, whether it has changed or not; when it returns the listener knows. */
  public void reload() {
    again(true);
  }

  /** No listener is called once this returns. */
  @Override
  public void close() {
    watch.close();
    synchronized (this) {
      closed = true;
    }
  }

  /** @param always whether a file that says what it said before is news */
  private synchronized void again(boolean always) {
    Listener told = listener;
    if (told == null || closed) {
      return;
    }
    watch.mark();
    try {
      Config config = ConfigReader.read(file, env);
      if (always || !config.equals(said)) {
        said = config;
        told.loaded(config);
      }
    } catch (ConfigException e) {
      if (always || !e.problems().equals(said)) {
        said = e.problems();
        told.rejected(e);
      }
    } catch (RuntimeException e) { // of a listener; the next change is another chance
      LOG.error("a bug in the router: the configuration could not be applied", e);
    }
  }
}
