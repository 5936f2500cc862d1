package dev.ccr.cli.service;

/**
 * What is said over a service's socket: a line of the client's, then the service's answer. Only
 * the socket's owner can connect to it, since nobody else may enter its folder.
 *
 * <ul>
 *   <li>{@code status}: answered by what {@link ServiceInfo} holds, then the end.
 *   <li>{@code keep}: the service stays without leases from now on; answered likewise.
 *   <li>{@code stop}, {@code stop now}, {@code restart}: answered by {@code ending}; the connection ends with the
 *       process.
 *   <li>{@code share}: of another router, which wants to take over the port. Answered by {@code
 *       shared}: it may bind beside this one; or by {@code alone}, or {@code ending}, and the end.
 *       When it answers clients it says {@code hand over}. Then the service gives the lock up, and
 *       answers {@code yours}; the other one takes it, puts its own socket in the place of this
 *       one's, and says {@code taken}; the connection then ends with the process. If it ends before
 *       that word, all is as it was: the service takes its lock back.
 *   <li>{@code lease}: answered by {@code leased}, or by {@code ending}. The lease lasts as long as
 *       the connection and the process that a later line {@code child PID} names, if one does. A
 *       holder is told {@code stop} or {@code restart} before the service ends on purpose.
 * </ul>
 */
final class Control {

  static final String STATUS = "status";
  static final String KEEP = "keep";
  static final String STOP = "stop";
  static final String STOP_NOW = "stop now"; // does not let what is under way finish
  static final String RESTART = "restart";
  static final String LEASE = "lease";
  static final String CHILD = "child ";
  static final String SHARE = "share";
  static final String HAND_OVER = "hand over";
  static final String TAKEN = "taken";

  static final String LEASED = "leased";
  static final String ENDING = "ending";
  static final String SHARED = "shared";
  static final String ALONE = "alone";
  static final String YOURS = "yours";

  private Control() {}
}
