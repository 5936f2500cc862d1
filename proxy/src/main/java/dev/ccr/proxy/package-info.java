/** The proxy's only door: ProxyServer. */
@NullMarked
package dev.ccr.proxy;

import org.jspecify.annotations.NullMarked;
