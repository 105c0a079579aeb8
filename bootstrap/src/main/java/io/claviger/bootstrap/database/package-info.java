/**
 * Connection pools to the PostgreSQL that Claviger works on: the operator's, or the embedded one.
 * What is in the database is the persistence adapter's business.
 */
@NullMarked
package io.claviger.bootstrap.database;

import org.jspecify.annotations.NullMarked;
