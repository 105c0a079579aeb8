package io.claviger.persistence.keys;

import io.claviger.application.keys.out.EncryptionKeys;
import io.claviger.application.keys.out.Nodes;
import io.claviger.application.keys.out.SealedValues;
import io.claviger.application.keys.out.UserKeys;
import io.claviger.persistence.shared.Database;

/** Builds the ports of encryption keys, of who holds them, and of what is sealed under them. */
public final class KeysPersistence {
  private KeysPersistence() {}

  public static EncryptionKeys encryptionKeys(Database database) {
    return new JdbcEncryptionKeys(database.jdbc());
  }

  public static UserKeys userKeys(Database database) {
    return new JdbcUserKeys(database.jdbc());
  }

  public static SealedValues sealedValues(Database database) {
    return new JdbcSealedValues(database.jdbc());
  }

  public static Nodes nodes(Database database) {
    return new JdbcNodes(database.jdbc());
  }
}
