/** Users and their access tokens. */
@NullMarked
package io.claviger.application.accounts;

import org.jspecify.annotations.NullMarked;
