package io.claviger.persistence.moving;

import io.claviger.application.moving.out.Arrivals;
import io.claviger.persistence.shared.Database;

/** Builds the port of what came from other databases. */
public final class MovingPersistence {
  private MovingPersistence() {}

  public static Arrivals arrivals(Database database) {
    return new JdbcArrivals(database.jdbc());
  }
}
