/**
 * Claviger as an issuer: the statements about services, the public keys with which providers verify
 * these statements, and what has to be entered at providers.
 */
@NullMarked
package io.claviger.domain.issuer;

import org.jspecify.annotations.NullMarked;
