/** The audit trail in PostgreSQL. */
@NullMarked
package io.claviger.persistence.audit;

import org.jspecify.annotations.NullMarked;
