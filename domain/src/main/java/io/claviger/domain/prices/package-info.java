/** Prices of models, what they make calls cost, and how the names of models find them. */
@NullMarked
package io.claviger.domain.prices;

import org.jspecify.annotations.NullMarked;
