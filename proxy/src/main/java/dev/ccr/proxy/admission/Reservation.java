package dev.ccr.proxy.admission;

/** What was taken from a bucket. Of one exchange; not thread-safe. */
final class Reservation {

  long amount;

  /** When the bucket has made up for it. */
  long forgottenAt;
}
