package dev.ccr.proxy.server;

import org.jspecify.annotations.Nullable;

/** Which version runs: from the jar's manifest. */
public final class Version {

  /** The version, or {@code development} where there is no jar. */
  public static final String TEXT = text(Version.class.getPackage().getImplementationVersion());

  static final String USER_AGENT = "ccr/" + TEXT;

  private Version() {}

  private static String text(@Nullable String version) {
    return version == null ? "development" : version;
  }
}
