/** Connections to providers: opened to permitted addresses only, pooled, and watched. */
@NullMarked
package io.claviger.gateway.out;

import org.jspecify.annotations.NullMarked;
