/** What it takes to run Claude Code behind the router. */
@NullMarked
package dev.ccr.cli.code;

import org.jspecify.annotations.NullMarked;
