/**
 * Creates pools of connections to the PostgreSQL database that Claviger uses: that of the operator
 * or the embedded one. The persistence adapter handles the content of the database.
 */
package io.claviger.bootstrap.database;
