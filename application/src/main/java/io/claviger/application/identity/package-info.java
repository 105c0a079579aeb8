/** Sign-in with an identity provider by OpenID Connect, and the identities linked to users. */
@NullMarked
package io.claviger.application.identity;

import org.jspecify.annotations.NullMarked;
