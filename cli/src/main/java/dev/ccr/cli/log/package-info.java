/** The log: who writes it, where it goes, and how people read it. */
@NullMarked
package dev.ccr.cli.log;

import org.jspecify.annotations.NullMarked;
