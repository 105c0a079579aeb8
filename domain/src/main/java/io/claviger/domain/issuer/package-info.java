/**
 * Claviger as an issuer: the public keys that providers read, the statements about services that
 * they verify, and what has to be entered there.
 */
@NullMarked
package io.claviger.domain.issuer;

import org.jspecify.annotations.NullMarked;
