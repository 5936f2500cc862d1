/** Reading and writing JSON without trees and, on the event path, without objects. */
@NullMarked
package dev.ccr.proxy.json;

import org.jspecify.annotations.NullMarked;
