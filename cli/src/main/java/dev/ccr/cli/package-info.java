/** The command line: one class a command. */
@NullMarked
package dev.ccr.cli;

import org.jspecify.annotations.NullMarked;
