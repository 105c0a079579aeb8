/**
 * The bundled PostgreSQL server. It runs on files in the data directory, and all processes that use
 * the directory share it.
 */
@NullMarked
package io.claviger.embeddedpostgres;

import org.jspecify.annotations.NullMarked;
