/** Who somebody is for an identity provider, and what a sign-in there means here. */
@NullMarked
package io.claviger.domain.identity;

import org.jspecify.annotations.NullMarked;
