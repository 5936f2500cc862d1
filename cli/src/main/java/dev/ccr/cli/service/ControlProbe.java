package dev.ccr.cli.service;

import java.io.IOException;
import java.util.Map;

/** Whether {@code ccr stop} and its like reach the router of a port. */
public final class ControlProbe {

  /** What the router of a port does with commands. */
  public enum Result {
    HEARS,
    /** It listens for them and does not answer. */
    SILENT,
    /** Nobody listens for those of this user. */
    NOBODY
  }

  private ControlProbe() {}

  /** Asks it for its state, for five seconds at most. */
  public static Result of(Map<String, String> env, int port) {
    try {
      ServiceInfo service = Services.of(env).at(port);
      return service == null ? Result.NOBODY : service.isHung() ? Result.SILENT : Result.HEARS;
    } catch (IOException e) {
      return Result.SILENT;
    }
  }
}
