/** Prices in PostgreSQL. */
@NullMarked
package io.claviger.persistence.prices;

import org.jspecify.annotations.NullMarked;
