@NullMarked
package dev.ccr.proxy.architecture.planted;

import org.jspecify.annotations.NullMarked;
