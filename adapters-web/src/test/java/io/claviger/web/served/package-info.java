/**
 * A running server on in-memory ports, and a client that checks every response against the
 * contract.
 */
@NullMarked
package io.claviger.web.served;

import org.jspecify.annotations.NullMarked;
