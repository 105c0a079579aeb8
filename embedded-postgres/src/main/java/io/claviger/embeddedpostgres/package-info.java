/**
 * Runs the PostgreSQL server that is bundled with Claviger. Its files are in the data directory.
 * All processes with the same data directory use the same server.
 */
package io.claviger.embeddedpostgres;
