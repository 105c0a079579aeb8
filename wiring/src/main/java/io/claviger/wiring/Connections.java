package io.claviger.wiring;

import javax.sql.DataSource;

/**
 * The sources of a node's database connections. The code that creates them must close them.
 *
 * @param pool the connections for the API and all other purposes
 * @param calls the connections for queries of gateway calls, which must not wait for a busy API or
 *     a half-open connection in its pool
 * @param watching the connections for queries that read changes
 * @param renewal replaces all connections by new ones, when another server has taken over
 */
public record Connections(
    DataSource pool, DataSource calls, DataSource watching, Runnable renewal) {
  /** One pool for all purposes, for a process without a gateway. */
  public static Connections allFrom(DataSource pool) {
    return new Connections(pool, pool, pool, () -> {});
  }
}
