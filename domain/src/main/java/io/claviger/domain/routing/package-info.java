/**
 * Decides which services a caller reaches by a model's name. Whether the caller may call such a
 * service is checked by other code, in the same way as for all other calls.
 */
@NullMarked
package io.claviger.domain.routing;

import org.jspecify.annotations.NullMarked;
