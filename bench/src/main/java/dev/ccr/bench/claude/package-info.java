/** Benches of {@code dev.ccr.proxy.claude}. */
@NullMarked
package dev.ccr.bench.claude;

import org.jspecify.annotations.NullMarked;
