/** Roles and shares. {@link io.claviger.domain.sharing.Permissions} decides who may do what. */
@NullMarked
package io.claviger.domain.sharing;

import org.jspecify.annotations.NullMarked;
