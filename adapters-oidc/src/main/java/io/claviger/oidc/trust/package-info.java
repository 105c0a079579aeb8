/** Verifies JWTs of trusted issuers with the keys that these publish. */
@NullMarked
package io.claviger.oidc.trust;

import org.jspecify.annotations.NullMarked;
