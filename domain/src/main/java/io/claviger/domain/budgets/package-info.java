/** Budgets: how much may be used up in a window, and whose use is counted against it. */
@NullMarked
package io.claviger.domain.budgets;

import org.jspecify.annotations.NullMarked;
