package io.claviger.persistence.defaults;

import io.claviger.application.defaults.port.DefaultServiceStore;
import io.claviger.persistence.shared.Database;

/** Builds the port of default services. */
public final class DefaultsPersistence {
  private DefaultsPersistence() {}

  public static DefaultServiceStore defaultServices(Database database) {
    return new JdbcDefaultServices(database.jdbc());
  }
}
