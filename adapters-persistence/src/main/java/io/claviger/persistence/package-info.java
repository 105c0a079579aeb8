/**
 * PostgreSQL by Spring JDBC: the schema with its migrations, and one adapter for each port that
 * keeps things. The database is the referee: what the code reports as a conflict is one that a
 * constraint refused.
 */
@NullMarked
package io.claviger.persistence;

import org.jspecify.annotations.NullMarked;
