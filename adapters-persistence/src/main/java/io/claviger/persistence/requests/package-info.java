/** Requests to borrow in PostgreSQL. */
@NullMarked
package io.claviger.persistence.requests;

import org.jspecify.annotations.NullMarked;
