package dev.ccr.cli.log;

/**
 * Chooses who gets what is logged, before anybody logs. A command that runs no router has no use
 * for a logger, which takes longer to load than most commands take to run; one that does wants its
 * own at once: SLF4J would open every jar to look for others.
 */
public final class LogChoice {

  private static final String PROVIDER = "slf4j.provider";

  private LogChoice() {}

  /** Logback, as {@link Logging} sets it up; loaded meanwhile, on a thread of its own. */
  public static void logback() {
    choose(LogbackProvider.class.getName());
    LogbackProvider.load();
  }

  /** Nobody. */
  public static void silent() {
    choose(SilentProvider.class.getName());
  }

  private static void choose(String provider) {
    System.setProperty(PROVIDER, provider);
    System.setProperty("slf4j.internal.verbosity", "WARN"); // or it would tell of the choice
  }
}
