package dev.ccr.cli.log;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.FileAppender;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.RollingPolicy;
import ch.qos.logback.core.rolling.RolloverFailure;
import ch.qos.logback.core.rolling.TriggeringPolicy;
import ch.qos.logback.core.rolling.helper.CompressionMode;
import ch.qos.logback.core.spi.ContextAwareBase;
import dev.ccr.cli.files.PrivateFile;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Keeps a log file small: at {@value #MAX_BYTES} bytes {@code ccr.log} becomes {@code ccr.log.1},
 * that {@code ccr.log.2}, up to {@value #KEPT} old files. All of them are their owner's alone. A
 * full disk loses entries; logback tries again, less and less often. For one appender, whose lock
 * guards it.
 *
 * <p>Logback's own rotation by number takes a pattern instead of a file's name, and gives new files
 * the permissions that the user's mask allows.
 */
final class Rotation extends ContextAwareBase
    implements RollingPolicy, TriggeringPolicy<ILoggingEvent> {

  static final long MAX_BYTES = 10 << 20;
  static final int KEPT = 5;

  private final Path file;
  private boolean started;

  private Rotation(Path file) {
    this.file = file;
  }

  /**
   * An appender that has been started.
   *
   * @throws IOException if the file cannot be written
   */
  static Appender<ILoggingEvent> appender(LoggerContext context, Path file) throws IOException {
    PrivateFile.ready(file);
    Rotation rotation = new Rotation(file);
    rotation.setContext(context);
    rotation.start();
    JsonLines encoder = new JsonLines();
    encoder.setContext(context);
    encoder.start();
    RollingFileAppender<ILoggingEvent> appender = new RollingFileAppender<>();
    appender.setContext(context);
    appender.setFile(file.toString());
    appender.setTriggeringPolicy(rotation); // and with it the rolling policy
    appender.setEncoder(encoder);
    appender.start();
    if (!appender.isStarted()) {
      throw new IOException(file + ": cannot be written");
    }
    return appender;
  }

  /** The {@code number}th file before the one that is written: 1 is the youngest. */
  static Path old(Path file, int number) {
    return file.resolveSibling(file.getFileName() + "." + number);
  }

  @Override
  public boolean isTriggeringEvent(File active, ILoggingEvent event) {
    return active.length() >= MAX_BYTES;
  }

  @Override
  public void rollover() {
    try {
      for (int number = KEPT; number > 1; number--) {
        move(old(file, number - 1), old(file, number));
      }
      move(file, old(file, 1));
      PrivateFile.ready(file);
    } catch (IOException e) {
      throw new RolloverFailure(file + ": cannot be rotated", e);
    }
  }

  @Override
  public String getActiveFileName() {
    return file.toString();
  }

  @Override
  public CompressionMode getCompressionMode() {
    return CompressionMode.NONE;
  }

  @Override
  public void setParent(FileAppender<?> appender) {
    // it has been told its file
  }

  @Override
  public void start() {
    started = true;
  }

  @Override
  public void stop() {
    started = false;
  }

  @Override
  public boolean isStarted() {
    return started;
  }

  private static void move(Path from, Path to) throws IOException {
    if (Files.exists(from)) {
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }
}
