/**
 * Secrets: how they are kept in memory, the values to which sealed secrets are bound, and the rules
 * for storing them. Sealing and opening secrets is the task of adapters.
 */
package io.claviger.domain.keys;
