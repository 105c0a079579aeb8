/** HTTP routes for the identity at an identity provider that a user is linked to. */
@NullMarked
package io.claviger.web.identity;

import org.jspecify.annotations.NullMarked;
