package io.claviger.persistence.models;

import io.claviger.application.models.out.ModelConfigs;
import io.claviger.persistence.shared.Database;

/** Builds the port of the model catalogue. */
public final class ModelsPersistence {
  private ModelsPersistence() {}

  public static ModelConfigs modelConfigs(Database database) {
    return new JdbcModelConfigs(database.jdbc(), new ModelServices(database.jdbc()));
  }
}
