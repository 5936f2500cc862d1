/** How much the router takes on: bounds of each client and of the whole process. */
@NullMarked
package dev.ccr.proxy.admission;

import org.jspecify.annotations.NullMarked;
