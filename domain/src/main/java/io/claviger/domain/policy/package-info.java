/**
 * Limits, operations, key policies, and the one function that decides which key a call uses.
 * Nothing here holds a key.
 */
@NullMarked
package io.claviger.domain.policy;

import org.jspecify.annotations.NullMarked;
