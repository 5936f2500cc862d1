/** The commands about models: which there are, and which one is used for what. */
@NullMarked
package dev.ccr.cli.models;

import org.jspecify.annotations.NullMarked;
