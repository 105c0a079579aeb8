package io.claviger.persistence.definitions;

import io.claviger.application.definitions.out.Definitions;
import io.claviger.persistence.shared.Database;

/** Builds the port of definitions. */
public final class DefinitionsPersistence {
  private DefinitionsPersistence() {}

  public static Definitions definitions(Database database) {
    return new JdbcDefinitions(database.jdbc(), database.lists());
  }
}
