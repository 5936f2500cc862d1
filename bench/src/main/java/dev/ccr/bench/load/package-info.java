/** What the router costs beside nginx under load that is the same for both. */
@NullMarked
package dev.ccr.bench.load;

import org.jspecify.annotations.NullMarked;
