package dev.ccr.cli.service;

/** Who began a service, and so who ends it. */
enum Origin {
  /** Somebody who wants it to stay: it ends when it is told to. */
  START,
  /** A {@code ccr code}: it ends with its last lease. */
  CODE
}
