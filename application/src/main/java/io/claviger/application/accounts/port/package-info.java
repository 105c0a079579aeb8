/** What the use cases of accounts need from outside. */
@NullMarked
package io.claviger.application.accounts.port;

import org.jspecify.annotations.NullMarked;
