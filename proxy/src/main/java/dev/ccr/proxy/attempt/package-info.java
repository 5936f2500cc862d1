/** What is tried for one request, and in what state providers and their keys are. */
@NullMarked
package dev.ccr.proxy.attempt;

import org.jspecify.annotations.NullMarked;
