package io.claviger.bootstrap.wiring;

import javax.sql.DataSource;

/**
 * Where a node's connections to its database come from. They stay the giver's to close.
 *
 * @param pool for the API, and for all that is not said below
 * @param calls for what a call through the gateway has to ask: neither a busy API nor a half-open
 *     connection of its pool may keep it waiting
 * @param watching for looking at what was changed, again and again
 */
public record Connections(DataSource pool, DataSource calls, DataSource watching) {
  /** One pool for all of it, where no gateway serves. */
  public static Connections allFrom(DataSource pool) {
    return new Connections(pool, pool, pool);
  }
}
