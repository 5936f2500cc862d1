/** What is counted of requests: for Prometheus, and for a line in the log now and then. */
@NullMarked
package dev.ccr.proxy.metrics;

import org.jspecify.annotations.NullMarked;
