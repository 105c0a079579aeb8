package io.claviger.wiring;

import javax.sql.DataSource;

/**
 * The data sources of a node's database connections. The creator of the data sources must close
 * them.
 *
 * @param pool the connections for the API, and for all purposes that have no connections of their
 *     own
 * @param calls the connections for the queries of gateway calls. So these queries need not wait
 *     while the API is busy or a connection in the API's pool is half-open
 * @param watching the connections for queries about changes
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
