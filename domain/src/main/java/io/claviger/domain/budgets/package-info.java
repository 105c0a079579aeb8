/** Budgets: how much may be used up in a window of time, whose they are, and what is charged. */
@NullMarked
package io.claviger.domain.budgets;

import org.jspecify.annotations.NullMarked;
