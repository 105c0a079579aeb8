/**
 * Budgets that are used up in virtual time: demands of {@code demands} on nodes that run the real
 * code.
 */
@NullMarked
package io.claviger.application.simulation;

import org.jspecify.annotations.NullMarked;
