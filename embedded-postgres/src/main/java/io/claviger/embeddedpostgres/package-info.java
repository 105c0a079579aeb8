/**
 * The PostgreSQL server that Claviger brings along: it runs on files in the data directory, and is
 * shared by all processes that use that directory.
 */
@NullMarked
package io.claviger.embeddedpostgres;

import org.jspecify.annotations.NullMarked;
