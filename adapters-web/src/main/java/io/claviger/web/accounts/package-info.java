/** Users, their access tokens, and the caller themselves, over HTTP. */
@NullMarked
package io.claviger.web.accounts;

import org.jspecify.annotations.NullMarked;
