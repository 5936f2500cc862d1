/** The router when its upstreams, its clients or its machine fail. */
@NullMarked
package dev.ccr.proxy.faults;

import org.jspecify.annotations.NullMarked;
