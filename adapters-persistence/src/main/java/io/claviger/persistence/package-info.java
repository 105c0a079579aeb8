/**
 * Stores data in PostgreSQL through Spring JDBC: contains the schema with its migrations, and one
 * adapter for each port that stores data. Constraints of the database detect conflicts, and the
 * code reports which constraint was violated.
 */
package io.claviger.persistence;
