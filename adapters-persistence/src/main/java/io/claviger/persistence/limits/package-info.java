/** The limits of users and groups in PostgreSQL. */
@NullMarked
package io.claviger.persistence.limits;

import org.jspecify.annotations.NullMarked;
