/**
 * PostgreSQL through Spring JDBC: the schema with its migrations, and one adapter for each port
 * that stores data. Constraints of the database detect conflicts; the code reports those that a
 * constraint has refused.
 */
@NullMarked
package io.claviger.persistence;

import org.jspecify.annotations.NullMarked;
