package dev.ccr.proxy.config;

/** In which words a client hears an upstream's error. */
public enum ErrorStyle {
  /** The upstream's, byte for byte. */
  RAW,
  /**
   * As {@link #RAW}, except that a conversation too long for the model is reported as the Claude API
   * does it: Claude Code then compacts it by itself.
   */
  CLAUDE
}
