/** Benches of {@code dev.ccr.proxy.route}. */
@NullMarked
package dev.ccr.bench.route;

import org.jspecify.annotations.NullMarked;
