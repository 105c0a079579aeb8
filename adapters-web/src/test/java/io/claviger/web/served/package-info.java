/** A running server on in-memory ports, and a client that holds every answer to the contract. */
@NullMarked
package io.claviger.web.served;

import org.jspecify.annotations.NullMarked;
