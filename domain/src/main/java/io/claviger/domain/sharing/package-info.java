/**
 * Roles, shares, limits, and the one function that says who may do what: {@link
 * io.claviger.domain.sharing.Permissions}.
 */
@NullMarked
package io.claviger.domain.sharing;

import org.jspecify.annotations.NullMarked;
