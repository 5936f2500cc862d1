/** The handlers of the line, from the client's socket to the upstream's and back. */
@NullMarked
package dev.ccr.proxy.server;

import org.jspecify.annotations.NullMarked;
