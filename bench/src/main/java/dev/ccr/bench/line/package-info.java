/** Benches of the whole line, from a client's bytes to a client's bytes, without sockets. */
@NullMarked
package dev.ccr.bench.line;

import org.jspecify.annotations.NullMarked;
