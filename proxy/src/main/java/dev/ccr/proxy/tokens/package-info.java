/** How many input tokens a request has: bounds at once, and exact counts on other threads. */
@NullMarked
package dev.ccr.proxy.tokens;

import org.jspecify.annotations.NullMarked;
