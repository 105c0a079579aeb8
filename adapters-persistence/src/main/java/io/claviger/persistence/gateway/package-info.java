/** Reads what the gateway needs to know for a call, with one statement a call. */
@NullMarked
package io.claviger.persistence.gateway;

import org.jspecify.annotations.NullMarked;
