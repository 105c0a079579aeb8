package io.claviger.persistence.gateway;

import io.claviger.application.gateway.out.CallFacts;
import io.claviger.persistence.shared.Database;

/** Builds the port that the gateway asks. */
public final class GatewayPersistence {
  private GatewayPersistence() {}

  public static CallFacts callFacts(Database database) {
    return new JdbcCallFacts(database.jdbc(), new CallTargets(database.jdbc(), database.lists()));
  }
}
