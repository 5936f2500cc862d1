/** What upstreams may answer, found by a fuzzer that looks at which code an answer reaches. */
@NullMarked
package dev.ccr.proxy.fuzz;

import org.jspecify.annotations.NullMarked;
