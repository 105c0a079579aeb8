/** Which addresses the gateway may connect to, and for whom. */
@NullMarked
package io.claviger.gateway.egress;

import org.jspecify.annotations.NullMarked;
