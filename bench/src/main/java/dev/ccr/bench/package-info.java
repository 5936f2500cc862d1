/** Benchmarks, mirroring the proxy's packages. */
@NullMarked
package dev.ccr.bench;

import org.jspecify.annotations.NullMarked;
