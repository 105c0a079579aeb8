/** Definitions in PostgreSQL. */
@NullMarked
package io.claviger.persistence.definitions;

import org.jspecify.annotations.NullMarked;
