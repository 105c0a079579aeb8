/** HTTP routes for prices. */
@NullMarked
package io.claviger.web.prices;

import org.jspecify.annotations.NullMarked;
