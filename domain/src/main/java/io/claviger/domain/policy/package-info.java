/**
 * Limits, operations, key policies, and the function that decides which key a call uses. No class
 * here contains a key.
 */
package io.claviger.domain.policy;
