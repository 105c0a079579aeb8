/** Sessions in PostgreSQL. */
@NullMarked
package io.claviger.persistence.sessions;

import org.jspecify.annotations.NullMarked;
