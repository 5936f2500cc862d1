/** What tests and benches share: fixtures, cuts, the leak check. */
@NullMarked
package dev.ccr.proxy.testing;

import org.jspecify.annotations.NullMarked;
