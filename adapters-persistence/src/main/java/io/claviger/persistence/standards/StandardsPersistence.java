package io.claviger.persistence.standards;

import io.claviger.application.standards.port.ApiStandardStore;
import io.claviger.persistence.shared.Database;

/** Builds the port of API standards. */
public final class StandardsPersistence {
  private StandardsPersistence() {}

  public static ApiStandardStore apiStandards(Database database) {
    return new JdbcApiStandards(database.jdbc());
  }
}
