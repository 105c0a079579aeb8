package io.claviger.persistence.definitions;

import io.claviger.application.definitions.port.DefinitionStore;
import io.claviger.application.shares.port.ShareStore;
import io.claviger.domain.definitions.DefinitionId;
import io.claviger.persistence.shared.Database;

/** Builds the ports of definitions. */
public final class DefinitionsPersistence {
  private DefinitionsPersistence() {}

  public static DefinitionStore definitions(Database database) {
    return new JdbcDefinitions(database.jdbc(), database.lists());
  }

  public static ShareStore<DefinitionId> shares(Database database) {
    return new JdbcDefinitionShares(database.jdbc());
  }
}
