/** The errors that the gateway itself answers with, in the format of each API. */
@NullMarked
package io.claviger.gateway.errors;

import org.jspecify.annotations.NullMarked;
