/** Calls providers only to find out whether they accept a key. */
@NullMarked
package io.claviger.gateway.probe;

import org.jspecify.annotations.NullMarked;
