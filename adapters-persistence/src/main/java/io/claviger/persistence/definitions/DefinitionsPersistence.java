package io.claviger.persistence.definitions;

import io.claviger.application.definitions.out.Definitions;
import io.claviger.application.grants.out.SharesOf;
import io.claviger.domain.definitions.DefinitionId;
import io.claviger.persistence.shared.Database;

/** Builds the ports of definitions. */
public final class DefinitionsPersistence {
  private DefinitionsPersistence() {}

  public static Definitions definitions(Database database) {
    return new JdbcDefinitions(database.jdbc(), database.lists());
  }

  public static SharesOf<DefinitionId> shares(Database database) {
    return new JdbcDefinitionShares(database.jdbc());
  }
}
