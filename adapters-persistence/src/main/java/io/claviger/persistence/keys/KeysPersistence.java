package io.claviger.persistence.keys;

import io.claviger.application.keys.out.EncryptionKeys;
import io.claviger.persistence.shared.Database;

/** Builds the port of encryption keys. */
public final class KeysPersistence {
  private KeysPersistence() {}

  public static EncryptionKeys encryptionKeys(Database database) {
    return new JdbcEncryptionKeys(database.jdbc());
  }
}
