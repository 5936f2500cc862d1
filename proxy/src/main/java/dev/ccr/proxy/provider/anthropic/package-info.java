/** The Claude API itself: bytes pass through. */
@NullMarked
package dev.ccr.proxy.provider.anthropic;

import org.jspecify.annotations.NullMarked;
