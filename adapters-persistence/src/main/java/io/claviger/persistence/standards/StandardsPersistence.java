package io.claviger.persistence.standards;

import io.claviger.application.standards.out.ApiStandards;
import io.claviger.persistence.shared.Database;

/** Builds the port of API standards. */
public final class StandardsPersistence {
  private StandardsPersistence() {}

  public static ApiStandards apiStandards(Database database) {
    return new JdbcApiStandards(database.jdbc());
  }
}
