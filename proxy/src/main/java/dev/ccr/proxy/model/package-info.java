/** Values that every package may speak. Knows the JDK alone. */
@NullMarked
package dev.ccr.proxy.model;

import org.jspecify.annotations.NullMarked;
