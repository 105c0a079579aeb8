/** Users, service accounts and their access tokens, and which presented tokens are accepted. */
@NullMarked
package io.claviger.application.accounts;

import org.jspecify.annotations.NullMarked;
