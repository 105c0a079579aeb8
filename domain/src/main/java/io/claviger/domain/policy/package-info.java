/**
 * Limits, operations, key policies, and the one function that decides which key a call uses.
 * Nothing here holds a key.
 */
package io.claviger.domain.policy;
