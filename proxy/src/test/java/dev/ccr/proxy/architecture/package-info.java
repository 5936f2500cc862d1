@NullMarked
package dev.ccr.proxy.architecture;

import org.jspecify.annotations.NullMarked;
