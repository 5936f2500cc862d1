package dev.ccr.proxy.tokens;

/** Whether a request has more input tokens than a limit. */
public enum Verdict {
  /** It cannot have more. */
  NOT_LONG,
  /** It must have more. */
  LONG,
  /** Only counting can tell. */
  UNDECIDED
}
