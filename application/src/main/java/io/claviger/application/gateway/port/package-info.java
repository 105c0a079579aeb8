/** What deciding about calls needs from outside. */
@NullMarked
package io.claviger.application.gateway.port;

import org.jspecify.annotations.NullMarked;
