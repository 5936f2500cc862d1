/**
 * The service's life: one router a port, found by its socket, ended by its last lease if a {@code
 * ccr code} began it.
 *
 * <p>Nothing here counts or compares process numbers to learn whether a router runs. The kernel
 * knows: it refuses connections to the socket of a process that is gone, gives back its file lock,
 * and ends its connections, which are the leases, however it died.
 */
@NullMarked
package dev.ccr.cli.service;

import org.jspecify.annotations.NullMarked;
