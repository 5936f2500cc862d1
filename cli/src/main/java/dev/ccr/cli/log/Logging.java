package dev.ccr.cli.log;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.spi.ContextAwareBase;
import dev.ccr.cli.terminal.Problems;
import dev.ccr.cli.terminal.Style;
import dev.ccr.proxy.config.LogLevel;
import java.io.IOException;
import java.nio.file.Path;
import org.slf4j.LoggerFactory;

/**
 * The log of a router: a line an entry on standard error, and if asked for, JSON in a file. Logback
 * is set up in code and looks for no files. Each place has a queue and a thread of its own: an
 * event loop never waits for a terminal or a disk; entries that come faster than they can be
 * written are dropped. Any thread may call it.
 *
 * <p>Only commands that run a router may use it: see {@link LogChoice}. As logback's own service it
 * sets up the log of those who did not choose, which tests are.
 */
public final class Logging extends ContextAwareBase implements Configurator {

  private static final String CONSOLE = "console";
  private static final String FILE = "file";
  private static final int QUEUE = 4096;

  @Override
  public ExecutionStatus configure(LoggerContext context) {
    setUp(context);
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }

  /** A context of its own, without a look for anything on the class path. */
  static LoggerContext context(LogbackMDCAdapter adapter) {
    LoggerContext context = new LoggerContext();
    context.setName("ccr");
    context.setMDCAdapter(adapter);
    setUp(context);
    context.start();
    return context;
  }

  /** Logs from {@code level} on; of libraries no more than {@code info}. */
  public static void level(LogLevel level) {
    Level chosen = Level.toLevel(level.name());
    LoggerContext context = context();
    root(context).setLevel(chosen);
    context
        .getLogger("io.netty")
        .setLevel(chosen.isGreaterOrEqual(Level.INFO) ? chosen : Level.INFO);
  }

  /**
   * Logs to a file too, from now on; a file asked for before is closed. It is its owner's alone,
   * and rotates: see {@link Rotation}.
   *
   * @throws IOException if it cannot be written, in words for the user
   */
  public static void toFile(Path file) throws IOException {
    LoggerContext context = context();
    close(context, FILE);
    try {
      Appender<ILoggingEvent> appender = Rotation.appender(context, file.toAbsolutePath());
      root(context).addAppender(queued(context, FILE, appender));
    } catch (IOException e) {
      throw new IOException("log file " + Problems.message(e), e);
    }
  }

  /** Logs to the terminal no longer. */
  public static void quietConsole() {
    close(context(), CONSOLE);
  }

  /** Writes what is still queued, for a second at most a place, and ends. */
  public static void stop() {
    context().stop();
  }

  private static void setUp(LoggerContext context) {
    ConsoleLines encoder = new ConsoleLines(Style.ofError(System.getenv()));
    encoder.setContext(context);
    encoder.start();
    ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
    console.setContext(context);
    console.setTarget("System.err");
    console.setEncoder(encoder);
    console.start();
    root(context).addAppender(queued(context, CONSOLE, console));
    root(context).setLevel(Level.WARN);
  }

  private static AsyncAppender queued(
      LoggerContext context, String name, Appender<ILoggingEvent> appender) {
    AsyncAppender queued = new AsyncAppender();
    queued.setContext(context);
    queued.setName(name);
    queued.setQueueSize(QUEUE);
    queued.setNeverBlock(true);
    queued.addAppender(appender);
    queued.start();
    return queued;
  }

  private static void close(LoggerContext context, String name) {
    Appender<ILoggingEvent> appender = root(context).getAppender(name);
    if (appender != null) {
      root(context).detachAppender(appender);
      appender.stop();
    }
  }

  private static Logger root(LoggerContext context) {
    return context.getLogger(Logger.ROOT_LOGGER_NAME);
  }

  private static LoggerContext context() {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      return context;
    }
    throw new IllegalStateException("a command without a log: LogChoice.silent() was called");
  }
}
