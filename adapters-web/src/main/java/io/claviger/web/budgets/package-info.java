/** HTTP routes for what is left of budgets, and for raises. */
@NullMarked
package io.claviger.web.budgets;

import org.jspecify.annotations.NullMarked;
