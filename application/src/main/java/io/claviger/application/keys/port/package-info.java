/** What sealing needs from outside. */
@NullMarked
package io.claviger.application.keys.port;

import org.jspecify.annotations.NullMarked;
