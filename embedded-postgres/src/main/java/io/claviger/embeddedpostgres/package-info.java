/**
 * The bundled PostgreSQL server. It runs on files in the data directory, and all processes that use
 * the directory share it.
 */
package io.claviger.embeddedpostgres;
