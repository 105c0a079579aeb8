/**
 * A PostgreSQL to work on: the operator's, by a pool of connections, or the embedded one, which
 * this package unpacks, creates, starts, shares between processes and stops. What is in the
 * database is the persistence adapter's business.
 */
@NullMarked
package io.claviger.bootstrap.database;

import org.jspecify.annotations.NullMarked;
