/**
 * Secrets: how they are kept in memory, the values to which sealed secrets are bound, and the rules
 * for storing them. Adapters seal and open them.
 */
package io.claviger.domain.keys;
