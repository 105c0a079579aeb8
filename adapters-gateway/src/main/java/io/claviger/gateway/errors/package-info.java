/** Answers of the gateway's own, in the clothes of each API's errors. */
@NullMarked
package io.claviger.gateway.errors;

import org.jspecify.annotations.NullMarked;
