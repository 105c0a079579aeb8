/**
 * Wires the program's objects. Each feature has its own configuration. There is no scan of the
 * class path for components.
 */
@NullMarked
package io.claviger.wiring;

import org.jspecify.annotations.NullMarked;
