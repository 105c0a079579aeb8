/**
 * OpenID Connect by the Nimbus SDK: sign-in with the organization's identity provider. Nothing of
 * the protocol is implemented here by hand.
 */
@NullMarked
package io.claviger.oidc;

import org.jspecify.annotations.NullMarked;
