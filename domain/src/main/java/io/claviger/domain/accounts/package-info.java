/**
 * Users, their handles, and the access tokens by which they are known. How a token is looked up is
 * not here.
 */
@NullMarked
package io.claviger.domain.accounts;

import org.jspecify.annotations.NullMarked;
