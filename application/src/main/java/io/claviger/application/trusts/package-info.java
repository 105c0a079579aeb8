/** Trusted issuers, and the exchange of their JWTs for access tokens. */
@NullMarked
package io.claviger.application.trusts;

import org.jspecify.annotations.NullMarked;
