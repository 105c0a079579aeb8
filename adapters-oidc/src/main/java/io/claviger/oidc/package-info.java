/**
 * OpenID Connect by the Nimbus SDK: sign-in with the organization's identity provider. The SDK
 * implements the protocol.
 */
package io.claviger.oidc;
