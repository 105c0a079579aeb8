/** Shares and roles: who may do what with a service or project. */
@NullMarked
package io.claviger.domain.sharing;

import org.jspecify.annotations.NullMarked;
