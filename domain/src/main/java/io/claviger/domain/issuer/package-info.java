/**
 * Claviger as an issuer: the public keys that providers read, the statements about services that
 * providers verify, and the entries that have to be made at providers.
 */
package io.claviger.domain.issuer;
