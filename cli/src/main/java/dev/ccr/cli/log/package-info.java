/** The router's log. */
@NullMarked
package dev.ccr.cli.log;

import org.jspecify.annotations.NullMarked;
