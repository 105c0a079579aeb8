/**
 * Races that the database decides: sixteen start at once, and there is one outcome. The use cases
 * are wired as a node wires them, on PostgreSQL.
 */
package io.claviger.races;
