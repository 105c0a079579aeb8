package io.claviger.persistence.gateway;

import io.claviger.application.gateway.port.CallContexts;
import io.claviger.application.gateway.port.ChangeFeed;
import io.claviger.application.gateway.port.PermitLeases;
import io.claviger.persistence.shared.Database;

/** Builds the port that the gateway asks. */
public final class GatewayPersistence {
  private GatewayPersistence() {}

  public static CallContexts callFacts(Database database) {
    return new JdbcCallContexts(
        database.jdbc(), new ServiceContexts(database.jdbc(), database.lists()));
  }

  /**
   * @param changesOnly a database whose connections are for this alone, so that it never waits for
   *     one
   */
  public static ChangeFeed changes(Database changesOnly) {
    return new JdbcChangeFeed(changesOnly.jdbc());
  }

  public static PermitLeases permitLeases(Database database) {
    return new JdbcPermitLeases(database.jdbc());
  }
}
