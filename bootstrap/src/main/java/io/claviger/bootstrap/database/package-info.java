/**
 * Creates connection pools to the PostgreSQL that Claviger uses: the operator's or the embedded
 * one. The persistence adapter handles the database's content.
 */
package io.claviger.bootstrap.database;
