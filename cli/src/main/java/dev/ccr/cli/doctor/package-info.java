/** What may be wrong with a router and with what is around it. */
@NullMarked
package dev.ccr.cli.doctor;

import org.jspecify.annotations.NullMarked;
