/** Prices: the deployment's, and services' own. */
@NullMarked
package io.claviger.console.prices;

import org.jspecify.annotations.NullMarked;
