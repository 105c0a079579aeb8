/** Prices of models, and what a call costs. */
@NullMarked
package io.claviger.domain.prices;

import org.jspecify.annotations.NullMarked;
