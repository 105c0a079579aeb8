package io.claviger.persistence.usage;

import io.claviger.application.usage.port.UsageStore;
import io.claviger.persistence.shared.Database;

/** Builds the port of usage. */
public final class UsagePersistence {
  private UsagePersistence() {}

  public static UsageStore usageBooks(Database database) {
    return new JdbcUsageBooks(database.jdbc(), new UsageLists(database.lists()));
  }
}
