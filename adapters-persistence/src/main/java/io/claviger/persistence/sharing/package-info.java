/** Shares in PostgreSQL. */
@NullMarked
package io.claviger.persistence.sharing;

import org.jspecify.annotations.NullMarked;
