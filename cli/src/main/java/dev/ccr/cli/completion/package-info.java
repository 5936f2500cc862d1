/** What shells have to know to complete a command line of {@code ccr}. */
@NullMarked
package dev.ccr.cli.completion;

import org.jspecify.annotations.NullMarked;
