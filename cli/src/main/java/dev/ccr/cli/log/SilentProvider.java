package dev.ccr.cli.log;

import org.slf4j.ILoggerFactory;
import org.slf4j.helpers.NOPLogger;
import org.slf4j.helpers.NOP_FallbackServiceProvider;

/**
 * Loggers that log nothing. SLF4J's own are known to Netty, which then takes the JDK's instead:
 * they are slow to load, and print.
 */
public final class SilentProvider extends NOP_FallbackServiceProvider {

  @Override
  public ILoggerFactory getLoggerFactory() {
    return name -> NOPLogger.NOP_LOGGER;
  }
}
