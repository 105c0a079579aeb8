/** HTTP routes for usage. */
@NullMarked
package io.claviger.web.usage;

import org.jspecify.annotations.NullMarked;
