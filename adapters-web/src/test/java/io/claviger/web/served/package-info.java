/**
 * A running server on in-memory ports, and a client that checks every response against the
 * contract.
 */
package io.claviger.web.served;
