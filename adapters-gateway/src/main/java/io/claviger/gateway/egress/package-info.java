/** The addresses to which the gateway may connect. */
@NullMarked
package io.claviger.gateway.egress;

import org.jspecify.annotations.NullMarked;
