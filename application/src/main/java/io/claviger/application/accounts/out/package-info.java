/** What the use cases of accounts need from outside. */
@NullMarked
package io.claviger.application.accounts.out;

import org.jspecify.annotations.NullMarked;
