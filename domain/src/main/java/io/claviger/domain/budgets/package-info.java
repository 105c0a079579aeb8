/**
 * Budgets: how much may be used up in a window of time, and what a call is charged to. Amounts are
 * whole numbers of the smallest part of their unit, so that nothing is rounded where they are
 * added.
 */
@NullMarked
package io.claviger.domain.budgets;

import org.jspecify.annotations.NullMarked;
