/** Budgets: how much may be used up in a window of time, and what has been used. */
@NullMarked
package io.claviger.domain.budgets;

import org.jspecify.annotations.NullMarked;
