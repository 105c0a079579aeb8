package io.claviger.persistence.models;

import io.claviger.application.models.port.ModelConfigStore;
import io.claviger.persistence.shared.Database;

/** Builds the port of the model catalogue. */
public final class ModelsPersistence {
  private ModelsPersistence() {}

  public static ModelConfigStore modelConfigs(Database database) {
    return new JdbcModelConfigs(database.jdbc(), new ModelServices(database.jdbc()));
  }
}
