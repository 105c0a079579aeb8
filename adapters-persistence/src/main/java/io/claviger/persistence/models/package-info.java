/** The model catalogue in PostgreSQL. */
@NullMarked
package io.claviger.persistence.models;

import org.jspecify.annotations.NullMarked;
