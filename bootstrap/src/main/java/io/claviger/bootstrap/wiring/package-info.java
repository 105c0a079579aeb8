/**
 * Puts the program together: one configuration for each feature, constructors and bean methods,
 * readable from top to bottom. Nothing is found by scanning.
 */
@NullMarked
package io.claviger.bootstrap.wiring;

import org.jspecify.annotations.NullMarked;
