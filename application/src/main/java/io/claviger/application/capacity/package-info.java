/**
 * Shares a provider's limits among calls: the amounts per minute, and the number of simultaneous
 * calls.
 */
@NullMarked
package io.claviger.application.capacity;

import org.jspecify.annotations.NullMarked;
