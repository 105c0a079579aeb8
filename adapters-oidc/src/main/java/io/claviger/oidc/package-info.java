/**
 * OpenID Connect by means of the Nimbus SDK: the sign-in with the identity provider of the
 * organization. The SDK implements the protocol.
 */
package io.claviger.oidc;
