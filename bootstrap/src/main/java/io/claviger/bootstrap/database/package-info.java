/**
 * Creates connection pools for Claviger's PostgreSQL database, which is the operator's own database
 * or the embedded database. The persistence adapter handles the database's content.
 */
package io.claviger.bootstrap.database;
