/** Budgets: what is left of them, raises, what a budget would have refused, and webhooks. */
@NullMarked
package io.claviger.console.budgets;

import org.jspecify.annotations.NullMarked;
