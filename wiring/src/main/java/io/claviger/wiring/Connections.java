package io.claviger.wiring;

import javax.sql.DataSource;

/**
 * The data sources of a node's database connections. The creator of the data sources must close
 * them.
 *
 * @param pool a data source for the API, and for all purposes that have no connections of their own
 * @param calls a data source for the queries of gateway calls. With connections of their own, these
 *     queries need not wait while the API is busy or a connection in the API's pool is half-open
 * @param watching a data source for queries about changes
 * @param renewal the action that replaces all connections by new ones; called after another
 *     database server has taken over
 */
public record Connections(
    DataSource pool, DataSource calls, DataSource watching, Runnable renewal) {
  /** Uses one pool for all purposes, for a process without a gateway. */
  public static Connections allFrom(DataSource pool) {
    return new Connections(pool, pool, pool, () -> {});
  }
}
