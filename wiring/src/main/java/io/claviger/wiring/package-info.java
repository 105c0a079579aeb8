/**
 * Wires the program: one configuration for each feature, with constructors and bean methods.
 * Classes are not found by scanning.
 */
@NullMarked
package io.claviger.wiring;

import org.jspecify.annotations.NullMarked;
