/** Device sign-ins and their refresh tokens in PostgreSQL. */
@NullMarked
package io.claviger.persistence.oauth;

import org.jspecify.annotations.NullMarked;
