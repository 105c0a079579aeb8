/**
 * Who somebody is to an identity provider, and what follows from it here. Nothing here speaks
 * OpenID Connect.
 */
@NullMarked
package io.claviger.domain.identity;

import org.jspecify.annotations.NullMarked;
