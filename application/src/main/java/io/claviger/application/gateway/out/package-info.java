/** What the way of a call needs from outside. */
@NullMarked
package io.claviger.application.gateway.out;

import org.jspecify.annotations.NullMarked;
