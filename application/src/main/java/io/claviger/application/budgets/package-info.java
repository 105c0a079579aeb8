/** Budgets: reserves what calls may cost, and settles what they did cost. */
@NullMarked
package io.claviger.application.budgets;

import org.jspecify.annotations.NullMarked;
