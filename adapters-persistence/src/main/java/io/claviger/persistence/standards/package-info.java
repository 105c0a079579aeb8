/** API standards in PostgreSQL. */
@NullMarked
package io.claviger.persistence.standards;

import org.jspecify.annotations.NullMarked;
