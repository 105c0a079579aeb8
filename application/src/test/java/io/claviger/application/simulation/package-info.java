/**
 * Budgets that are used up in virtual time: demands of {@code demands} on nodes that run the real
 * code.
 */
package io.claviger.application.simulation;
