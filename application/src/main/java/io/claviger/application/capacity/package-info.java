/**
 * Shares a provider's limits among calls: the amounts that the provider allows in a minute, and the
 * number of calls that it allows at the same time.
 */
package io.claviger.application.capacity;
