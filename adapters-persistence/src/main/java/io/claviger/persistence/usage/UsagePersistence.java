package io.claviger.persistence.usage;

import io.claviger.application.usage.out.UsageBooks;
import io.claviger.persistence.shared.Database;

/** Builds the port of usage. */
public final class UsagePersistence {
  private UsagePersistence() {}

  public static UsageBooks usageBooks(Database database) {
    return new JdbcUsageBooks(database.jdbc(), new UsageLists(database.lists()));
  }
}
