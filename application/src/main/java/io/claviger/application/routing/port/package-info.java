/** What routing needs from outside. */
@NullMarked
package io.claviger.application.routing.port;

import org.jspecify.annotations.NullMarked;
