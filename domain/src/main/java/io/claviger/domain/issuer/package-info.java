/**
 * Claviger as an issuer: the public keys that providers read, the statements about services that
 * they verify, and what has to be entered there.
 */
package io.claviger.domain.issuer;
