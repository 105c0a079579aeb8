package io.claviger.persistence.sharing;

import io.claviger.application.sharing.port.InstanceShareStore;
import io.claviger.persistence.shared.Database;

/** Builds the port of shares. */
public final class SharingPersistence {
  private SharingPersistence() {}

  public static InstanceShareStore shares(Database database) {
    return new JdbcShares(database.jdbc());
  }
}
