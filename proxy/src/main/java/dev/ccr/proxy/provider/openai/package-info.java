/** OpenAI's chat completions, and everybody who speaks them. */
@NullMarked
package dev.ccr.proxy.provider.openai;

import org.jspecify.annotations.NullMarked;
