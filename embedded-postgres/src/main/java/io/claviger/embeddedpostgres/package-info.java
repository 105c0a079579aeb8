/**
 * Runs the PostgreSQL server that is bundled with Claviger. The server's files are in the data
 * directory. All processes with the same data directory use the same server.
 */
package io.claviger.embeddedpostgres;
