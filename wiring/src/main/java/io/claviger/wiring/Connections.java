package io.claviger.wiring;

import javax.sql.DataSource;

/**
 * The sources of a node's database connections. Whoever creates them must close them.
 *
 * @param pool for the API and all other purposes
 * @param calls for queries of gateway calls, which must not wait for a busy API or a half-open
 *     connection of its pool
 * @param watching for the queries that ask for changes
 * @param renewal replaces all connections by new ones, because another server has taken over
 */
public record Connections(
    DataSource pool, DataSource calls, DataSource watching, Runnable renewal) {
  /** One pool for all purposes, for a process without a gateway. */
  public static Connections allFrom(DataSource pool) {
    return new Connections(pool, pool, pool, () -> {});
  }
}
