/**
 * Secrets: how they are kept in memory, to which values they are bound when they are sealed, and
 * the rules for storing them. Adapters seal and open secrets.
 */
@NullMarked
package io.claviger.domain.keys;

import org.jspecify.annotations.NullMarked;
