/** Limits as parts of forms, and in words: rates, models, operations and budgets. */
@NullMarked
package io.claviger.console.limits;

import org.jspecify.annotations.NullMarked;
