package dev.ccr.cli.log;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.spi.ContextAwareBase;
import dev.ccr.proxy.config.LogLevel;
import org.slf4j.LoggerFactory;

/**
 * Sets up logback in code: one line an entry on standard error. Found by logback as a service, so
 * that it looks for no files. A thread of its own writes: an event loop never waits for a terminal;
 * entries that come faster than they can be written are dropped.
 */
public final class Logging extends ContextAwareBase implements Configurator {

  private static final String PATTERN = "%d{HH:mm:ss.SSS} %-5level %logger{0}: %msg%n";
  private static final int QUEUE = 4096;

  @Override
  public ExecutionStatus configure(LoggerContext context) {
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setPattern(PATTERN);
    encoder.start();
    ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
    console.setContext(context);
    console.setTarget("System.err");
    console.setEncoder(encoder);
    console.start();
    AsyncAppender async = new AsyncAppender();
    async.setContext(context);
    async.setQueueSize(QUEUE);
    async.setNeverBlock(true);
    async.addAppender(console);
    async.start();
    context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(async);
    context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(Level.WARN);
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }

  /** Logs from {@code level} on; of libraries no more than {@code info}. */
  public static void level(LogLevel level) {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    Level chosen = Level.toLevel(level.name());
    context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(chosen);
    context
        .getLogger("io.netty")
        .setLevel(chosen.isGreaterOrEqual(Level.INFO) ? chosen : Level.INFO);
  }

  /** Writes what is still queued. */
  public static void stop() {
    ((LoggerContext) LoggerFactory.getILoggerFactory()).stop();
  }
}
