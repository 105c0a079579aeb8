/**
 * Budgets: how much may be used up in a window of time, what a call may use at most, and what it
 * has used.
 */
@NullMarked
package io.claviger.domain.budgets;

import org.jspecify.annotations.NullMarked;
