/**
 * Secrets: how they are kept in memory, what sealed secrets are bound to, and the rules for storing
 * them. Adapters seal and open them.
 */
package io.claviger.domain.keys;
