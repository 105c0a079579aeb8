/** Users and their access tokens in PostgreSQL. */
@NullMarked
package io.claviger.persistence.accounts;

import org.jspecify.annotations.NullMarked;
