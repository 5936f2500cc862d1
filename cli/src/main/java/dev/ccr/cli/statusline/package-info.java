/** The line that Claude Code shows below its prompt. */
@NullMarked
package dev.ccr.cli.statusline;

import org.jspecify.annotations.NullMarked;
