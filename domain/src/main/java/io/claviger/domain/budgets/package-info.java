/** Budgets: how much may be used in a window of time, and how much has been used. */
@NullMarked
package io.claviger.domain.budgets;

import org.jspecify.annotations.NullMarked;
