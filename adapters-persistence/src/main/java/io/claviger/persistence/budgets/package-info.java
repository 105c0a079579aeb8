/** Budgets in PostgreSQL. */
@NullMarked
package io.claviger.persistence.budgets;

import org.jspecify.annotations.NullMarked;
