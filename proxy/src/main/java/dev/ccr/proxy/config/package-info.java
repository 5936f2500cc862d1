/** The configuration file as an immutable snapshot. */
@NullMarked
package dev.ccr.proxy.config;

import org.jspecify.annotations.NullMarked;
