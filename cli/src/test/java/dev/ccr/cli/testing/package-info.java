/** What tests of several commands need. */
@NullMarked
package dev.ccr.cli.testing;

import org.jspecify.annotations.NullMarked;
