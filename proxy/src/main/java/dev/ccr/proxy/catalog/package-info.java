/** Which dialects exist: the only importer of every provider. */
@NullMarked
package dev.ccr.proxy.catalog;

import org.jspecify.annotations.NullMarked;
