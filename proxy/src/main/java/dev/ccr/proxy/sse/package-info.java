/** Finds events in bytes cut anywhere; copies nothing. */
@NullMarked
package dev.ccr.proxy.sse;

import org.jspecify.annotations.NullMarked;
