package dev.ccr.proxy.faults;

/** How far an upstream's answer has come when something happens. */
enum Phase {
  BEFORE_HEADERS,
  AFTER_HEADERS,
  /** Some of the body has come: of a stream one event and a half. */
  MID_EVENT,
  /** All of the body has come, its finish too, but not the end that HTTP wants. */
  AFTER_FINISH
}
