package io.claviger.persistence.keys;

import io.claviger.application.keys.out.EncryptionKeys;
import io.claviger.application.keys.out.UserKeys;
import io.claviger.persistence.shared.Database;

/** Builds the ports of encryption keys and of users' own keys. */
public final class KeysPersistence {
  private KeysPersistence() {}

  public static EncryptionKeys encryptionKeys(Database database) {
    return new JdbcEncryptionKeys(database.jdbc());
  }

  public static UserKeys userKeys(Database database) {
    return new JdbcUserKeys(database.jdbc());
  }
}
