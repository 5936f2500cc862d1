/** The Claude dialect: its requests, its event grammar, its messages and errors. */
@NullMarked
package dev.ccr.proxy.claude;

import org.jspecify.annotations.NullMarked;
