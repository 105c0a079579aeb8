/**
 * What may be used and with which key: limits, operations, key policies, and the one function that
 * decides which key a call uses. Nothing here knows a key.
 */
@NullMarked
package io.claviger.domain.policy;

import org.jspecify.annotations.NullMarked;
