/** Users, their handles, and the access tokens that identify them. */
@NullMarked
package io.claviger.domain.accounts;

import org.jspecify.annotations.NullMarked;
