/** Carries an authorized call to the provider, and the answer back to the caller. */
@NullMarked
package io.claviger.gateway.relay;

import org.jspecify.annotations.NullMarked;
