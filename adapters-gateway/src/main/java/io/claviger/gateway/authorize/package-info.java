/** Asks whether a call may be made, and asks again while it is active. */
@NullMarked
package io.claviger.gateway.authorize;

import org.jspecify.annotations.NullMarked;
