/** The partitions of usage and the audit trail in PostgreSQL. */
@NullMarked
package io.claviger.persistence.retention;

import org.jspecify.annotations.NullMarked;
