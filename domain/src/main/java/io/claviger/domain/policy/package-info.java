/**
 * Limits, operations, key policies, and the decision about which key a call uses. No class here
 * contains a key.
 */
@NullMarked
package io.claviger.domain.policy;

import org.jspecify.annotations.NullMarked;
