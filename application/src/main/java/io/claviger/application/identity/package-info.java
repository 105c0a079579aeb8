/**
 * Sign-in with an OpenID provider: identities linked to users, the groups that the provider names,
 * and what happens when it forgets somebody.
 */
@NullMarked
package io.claviger.application.identity;

import org.jspecify.annotations.NullMarked;
