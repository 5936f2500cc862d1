/** Benches of {@code dev.ccr.proxy.sse}. */
@NullMarked
package dev.ccr.bench.sse;

import org.jspecify.annotations.NullMarked;
