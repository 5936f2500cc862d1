package dev.ccr.cli.log;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import java.util.concurrent.CompletableFuture;
import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.helpers.BasicMarkerFactory;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

/**
 * Gives SLF4J a logback that is set up already. Logback's own provider searches the class path for
 * ways to set it up. Loading begins on another thread; whoever logs first waits for its end.
 */
public final class LogbackProvider implements SLF4JServiceProvider {

  private static final LogbackMDCAdapter ADAPTER = new LogbackMDCAdapter();

  private static final CompletableFuture<LoggerContext> CONTEXT =
      CompletableFuture.supplyAsync(() -> Logging.context(ADAPTER), LogbackProvider::start);

  private final IMarkerFactory markers = new BasicMarkerFactory();

  /** Begins to load, if nobody has yet. */
  static void load() {
    // the class has been initialized, and with it the thread has been started
  }

  @Override
  public void initialize() {
    CONTEXT.join();
  }

  @Override
  public ILoggerFactory getLoggerFactory() {
    return CONTEXT.join();
  }

  @Override
  public IMarkerFactory getMarkerFactory() {
    return markers;
  }

  @Override
  public MDCAdapter getMDCAdapter() {
    return ADAPTER;
  }

  @Override
  public String getRequestedApiVersion() {
    return "2.0.99";
  }

  private static void start(Runnable task) {
    Thread thread = new Thread(task, "ccr-log-loader");
    thread.setDaemon(true);
    thread.start();
  }
}
