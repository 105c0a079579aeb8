package io.claviger.persistence.gateway;

import io.claviger.application.gateway.out.CallFacts;
import io.claviger.application.gateway.out.Changes;
import io.claviger.application.gateway.out.PermitLeases;
import io.claviger.persistence.shared.Database;

/** Builds the port that the gateway asks. */
public final class GatewayPersistence {
  private GatewayPersistence() {}

  public static CallFacts callFacts(Database database) {
    return new JdbcCallFacts(database.jdbc(), new CallTargets(database.jdbc(), database.lists()));
  }

  /**
   * @param changesOnly a database whose connections are for this alone, so that it never waits for
   *     one
   */
  public static Changes changes(Database changesOnly) {
    return new JdbcChanges(changesOnly.jdbc());
  }

  public static PermitLeases permitLeases(Database database) {
    return new JdbcPermitLeases(database.jdbc());
  }
}
