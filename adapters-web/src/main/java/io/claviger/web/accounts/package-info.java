/** HTTP routes for users, their access tokens, and the caller. */
@NullMarked
package io.claviger.web.accounts;

import org.jspecify.annotations.NullMarked;
