/** What sign-in needs from outside. */
@NullMarked
package io.claviger.application.identity.port;

import org.jspecify.annotations.NullMarked;
