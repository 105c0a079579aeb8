/** Budgets: how much may be used up in a window of time, and what has been used. */
package io.claviger.domain.budgets;
