/**
 * Runs the PostgreSQL server that is bundled with Claviger. It works on files in the data
 * directory, and all processes that use this directory use the same server.
 */
package io.claviger.embeddedpostgres;
