/** What routing reads and stores in PostgreSQL. */
@NullMarked
package io.claviger.persistence.routing;

import org.jspecify.annotations.NullMarked;
