/** Connections to providers. */
@NullMarked
package dev.ccr.proxy.upstream;

import org.jspecify.annotations.NullMarked;
