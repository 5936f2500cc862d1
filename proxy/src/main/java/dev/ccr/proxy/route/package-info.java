/** Which provider and model answer a request. */
@NullMarked
package dev.ccr.proxy.route;

import org.jspecify.annotations.NullMarked;
