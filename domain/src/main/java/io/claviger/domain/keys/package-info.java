/**
 * Secrets: how they are kept in memory, to which values they are bound when they are sealed, and
 * the rules for storing them. Adapters seal and open secrets.
 */
package io.claviger.domain.keys;
