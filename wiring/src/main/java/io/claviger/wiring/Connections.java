package io.claviger.wiring;

import javax.sql.DataSource;

/**
 * The sources of a node's database connections. Whoever creates them must close them.
 *
 * @param pool for the API and everything that the others do not serve
 * @param calls for queries of gateway calls; they must not wait for a busy API or a half-open
 *     connection of its pool
 * @param watching for polling for changes
 * @param renewal replaces all connections by new ones, because another server has taken over
 */
public record Connections(
    DataSource pool, DataSource calls, DataSource watching, Runnable renewal) {
  /** One pool for all purposes, for a process without a gateway. */
  public static Connections allFrom(DataSource pool) {
    return new Connections(pool, pool, pool, () -> {});
  }
}
