/**
 * Users, their handles, and the access tokens that identify them. Looking up a token is not done
 * here.
 */
@NullMarked
package io.claviger.domain.accounts;

import org.jspecify.annotations.NullMarked;
