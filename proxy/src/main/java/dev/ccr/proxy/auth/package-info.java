/** Who may use the router. */
@NullMarked
package dev.ccr.proxy.auth;

import org.jspecify.annotations.NullMarked;
