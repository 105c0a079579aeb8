/**
 * Secrets: how one is held in memory, what a sealed one is bound to, and the rules for storing one.
 * An adapter does the sealing.
 */
package io.claviger.domain.keys;
