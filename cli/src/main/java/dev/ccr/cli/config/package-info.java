/** The commands about the configuration: one class a command. */
@NullMarked
package dev.ccr.cli.config;

import org.jspecify.annotations.NullMarked;
