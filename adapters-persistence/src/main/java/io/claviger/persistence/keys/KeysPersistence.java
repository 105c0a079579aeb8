package io.claviger.persistence.keys;

import io.claviger.application.keys.port.EncryptionKeyStore;
import io.claviger.application.keys.port.NodeStore;
import io.claviger.application.keys.port.SealedValueStore;
import io.claviger.application.keys.port.UserKeyStore;
import io.claviger.persistence.shared.Database;

/** Builds the ports of encryption keys, of who holds them, and of what is sealed under them. */
public final class KeysPersistence {
  private KeysPersistence() {}

  public static EncryptionKeyStore encryptionKeys(Database database) {
    return new JdbcEncryptionKeys(database.jdbc());
  }

  public static UserKeyStore userKeys(Database database) {
    return new JdbcUserKeys(database.jdbc());
  }

  public static SealedValueStore sealedValues(Database database) {
    return new JdbcSealedValues(database.jdbc());
  }

  public static NodeStore nodes(Database database) {
    return new JdbcNodes(database.jdbc());
  }
}
