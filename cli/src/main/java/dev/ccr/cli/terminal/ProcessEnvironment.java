package dev.ccr.cli.terminal;

import java.util.Map;

/** The environment of a process that is to be started. */
public final class ProcessEnvironment {

  private ProcessEnvironment() {}

  /**
   * Makes it say what {@code env} says. What is the same already is left alone: it may have bytes
   * that no text of ours can say.
   */
  public static void set(ProcessBuilder builder, Map<String, String> env) {
    Map<String, String> target = builder.environment();
    target.keySet().retainAll(env.keySet());
    env.forEach(
        (name, value) -> {
          if (!value.equals(target.get(name))) {
            target.put(name, value);
          }
        });
  }
}
