/**
 * Users, their handles, and the access tokens that identify them. Tokens are looked up elsewhere.
 */
@NullMarked
package io.claviger.domain.accounts;

import org.jspecify.annotations.NullMarked;
