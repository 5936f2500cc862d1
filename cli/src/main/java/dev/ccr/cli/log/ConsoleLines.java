package dev.ccr.cli.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.encoder.EncoderBase;
import dev.ccr.cli.terminal.Style;
import java.nio.charset.Charset;
import java.time.Instant;
import java.time.ZoneId;

/** Entries as people read them: see {@link LogText}. Their fields are for files. */
final class ConsoleLines extends EncoderBase<ILoggingEvent> {

  private static final byte[] NOTHING = {};

  private final Charset charset =
      Charset.forName(System.getProperty("stderr.encoding", "UTF-8"));
  private final LogText text;

  ConsoleLines(Style style) {
    text = new LogText(style, ZoneId.systemDefault(), false);
  }

  @Override
  public byte[] encode(ILoggingEvent event) {
    StringBuilder line = new StringBuilder(256);
    text.append(
        Instant.ofEpochMilli(event.getTimeStamp()),
        event.getLevel().levelStr,
        event.getLoggerName(),
        event.getFormattedMessage(),
        Stack.of(event),
        line);
    return line.toString().getBytes(charset);
  }

  @Override
  public byte[] headerBytes() {
    return NOTHING;
  }

  @Override
  public byte[] footerBytes() {
    return NOTHING;
  }
}
