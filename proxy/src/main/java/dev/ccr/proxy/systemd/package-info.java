/** What systemd gives a service, and is told by it. */
@NullMarked
package dev.ccr.proxy.systemd;

import org.jspecify.annotations.NullMarked;
