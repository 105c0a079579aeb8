/** Device sign-in (RFC 8628): its codes, its refresh tokens and their lifetimes. */
@NullMarked
package io.claviger.domain.oauth;

import org.jspecify.annotations.NullMarked;
