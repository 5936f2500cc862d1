/** Benches of {@code dev.ccr.proxy.provider.openai}. */
@NullMarked
package dev.ccr.bench.provider.openai;

import org.jspecify.annotations.NullMarked;
