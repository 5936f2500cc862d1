/** The service interface between the line and a provider's dialect. */
@NullMarked
package dev.ccr.proxy.provider;

import org.jspecify.annotations.NullMarked;
