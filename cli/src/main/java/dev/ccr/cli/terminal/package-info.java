/** How commands speak to people: help, problems, questions, colours. */
@NullMarked
package dev.ccr.cli.terminal;

import org.jspecify.annotations.NullMarked;
