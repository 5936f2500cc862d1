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

  static final String LEASED = "leased";
  static final String ENDING = "ending";

  private Control() {}
}
