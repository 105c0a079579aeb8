/** Reserves and charges the budgets of calls, and exchanges leased amounts with the ledger. */
@NullMarked
package io.claviger.application.budgets;

import org.jspecify.annotations.NullMarked;
