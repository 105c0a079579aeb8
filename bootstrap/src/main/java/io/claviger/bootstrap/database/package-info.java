/**
 * Creates pools of connections to the PostgreSQL database that Claviger uses: the operator's
 * database or the embedded database. The persistence adapter handles the content of the database.
 */
package io.claviger.bootstrap.database;
