/**
 * Secrets and what binds them: how a secret is held in memory, what a sealed one is sealed to, and
 * the rules of depositing one. Sealing itself is an adapter.
 */
@NullMarked
package io.claviger.domain.keys;

import org.jspecify.annotations.NullMarked;
