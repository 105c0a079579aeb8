/**
 * Shares a provider's limits among calls: the amounts per minute, and the number of simultaneous
 * calls.
 */
package io.claviger.application.capacity;
