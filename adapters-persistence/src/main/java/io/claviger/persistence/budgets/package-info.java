/** Budgets in PostgreSQL: accounts, raises, and who they belong to. */
@NullMarked
package io.claviger.persistence.budgets;

import org.jspecify.annotations.NullMarked;
