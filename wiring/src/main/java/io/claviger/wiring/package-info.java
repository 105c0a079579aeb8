/** Wires the program, with one configuration for each feature. There is no component scanning. */
@NullMarked
package io.claviger.wiring;

import org.jspecify.annotations.NullMarked;
