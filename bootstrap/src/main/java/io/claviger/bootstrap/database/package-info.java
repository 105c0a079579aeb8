/**
 * Creates pools of connections to the PostgreSQL database that Claviger uses: that of the operator
 * or the embedded one. The persistence adapter handles the database's content.
 */
package io.claviger.bootstrap.database;
