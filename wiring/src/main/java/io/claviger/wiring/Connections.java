package io.claviger.wiring;

import javax.sql.DataSource;

/**
 * The data sources from which a node gets its database connections. Whoever creates the data
 * sources must close them.
 *
 * @param pool the connections for the API, and for everything that has no other connections here
 * @param calls the connections for queries that calls of the gateway need; such queries must not
 *     wait because the API is busy, or because a connection in the API's pool is half-open
 * @param watching the connections for queries that read which changes were made
 * @param renewal replaces all connections by new connections; called when another database server
 *     has taken over
 */
public record Connections(
    DataSource pool, DataSource calls, DataSource watching, Runnable renewal) {
  /** Uses one pool for all purposes, for a process that has no gateway. */
  public static Connections allFrom(DataSource pool) {
    return new Connections(pool, pool, pool, () -> {});
  }
}
