/** Budgets: how much may be used in a window of time, and how much has been used. */
package io.claviger.domain.budgets;
