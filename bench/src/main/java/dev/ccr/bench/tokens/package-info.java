/** Benches of {@code dev.ccr.proxy.tokens}. */
@NullMarked
package dev.ccr.bench.tokens;

import org.jspecify.annotations.NullMarked;
