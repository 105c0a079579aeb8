/**
 * Stores data in PostgreSQL through Spring JDBC. Contains the schema with its migrations, and an
 * adapter for each port that stores data. Database constraints detect conflicts, and the code
 * reports the violated constraint.
 */
@NullMarked
package io.claviger.persistence;

import org.jspecify.annotations.NullMarked;
