package dev.ccr.proxy.metrics;

import java.util.Locale;

/** What a client wants, as OpenTelemetry's conventions name it, or in their manner. */
public enum Operation {
  CHAT,
  COUNT_TOKENS,
  LIST_MODELS,
  OTHER;

  /** The value of {@code gen_ai.operation.name}. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
