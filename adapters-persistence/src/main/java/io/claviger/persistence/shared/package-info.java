/**
 * What all tables have in common: the connection, transactions, ids, how a row is read and how an
 * error of the database is understood. No table of its own.
 */
@NullMarked
package io.claviger.persistence.shared;

import org.jspecify.annotations.NullMarked;
