/** Files that commands keep: where they are, and who may read them. */
@NullMarked
package dev.ccr.cli.files;

import org.jspecify.annotations.NullMarked;
