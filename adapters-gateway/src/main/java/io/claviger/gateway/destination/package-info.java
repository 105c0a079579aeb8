/** Which addresses may be connected to, for whom. */
@NullMarked
package io.claviger.gateway.destination;

import org.jspecify.annotations.NullMarked;
