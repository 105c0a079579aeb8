/**
 * Claviger as an issuer: the public keys for providers, the statements about services that
 * providers verify, and what has to be entered at providers.
 */
package io.claviger.domain.issuer;
