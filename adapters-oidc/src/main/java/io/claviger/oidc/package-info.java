/**
 * The sign-in with the organization's identity provider, by OpenID Connect. The Nimbus SDK
 * implements the protocol.
 */
package io.claviger.oidc;
