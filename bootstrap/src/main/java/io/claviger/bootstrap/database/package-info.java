/**
 * Connects to PostgreSQL: the operator's by a pool of connections, or the embedded one. This
 * package unpacks, creates, starts, shares and stops the embedded one. The persistence adapter
 * handles the database's content.
 */
@NullMarked
package io.claviger.bootstrap.database;

import org.jspecify.annotations.NullMarked;
