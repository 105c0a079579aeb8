/**
 * OpenID Connect by means of the Nimbus SDK: the sign-in with the identity provider of the
 * organization. The Nimbus SDK implements the protocol itself.
 */
package io.claviger.oidc;
