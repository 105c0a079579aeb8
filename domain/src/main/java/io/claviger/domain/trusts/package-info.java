/** Trusted issuers, and the rules by which their JWTs are exchanged for access tokens. */
@NullMarked
package io.claviger.domain.trusts;

import org.jspecify.annotations.NullMarked;
