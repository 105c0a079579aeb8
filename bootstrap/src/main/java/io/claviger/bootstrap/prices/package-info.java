/** Reads lists of prices that others maintain. */
@NullMarked
package io.claviger.bootstrap.prices;

import org.jspecify.annotations.NullMarked;
