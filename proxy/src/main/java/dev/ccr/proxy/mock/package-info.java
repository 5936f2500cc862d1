/** A scriptable upstream over a real socket, for the demo, tests and benches. */
@NullMarked
package dev.ccr.proxy.mock;

import org.jspecify.annotations.NullMarked;
