/** Transfers, changes of owners, and former references in PostgreSQL. */
@NullMarked
package io.claviger.persistence.transfers;

import org.jspecify.annotations.NullMarked;
