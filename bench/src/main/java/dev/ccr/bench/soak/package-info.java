/** A router under mixed load and faults for minutes or hours, and what becomes of it. */
@NullMarked
package dev.ccr.bench.soak;

import org.jspecify.annotations.NullMarked;
