/** What is left of budgets, as people see it, and raises. */
@NullMarked
package io.claviger.application.budgetreports;

import org.jspecify.annotations.NullMarked;
