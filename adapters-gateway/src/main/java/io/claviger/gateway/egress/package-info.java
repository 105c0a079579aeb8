/** Which addresses may be connected to, for whom. */
@NullMarked
package io.claviger.gateway.egress;

import org.jspecify.annotations.NullMarked;
