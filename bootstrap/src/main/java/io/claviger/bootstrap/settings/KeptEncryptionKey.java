package io.claviger.bootstrap.settings;

import io.claviger.operator.Confidential;
import io.claviger.operator.DataDirectory;
import io.claviger.operator.RandomKey;
import io.claviger.operator.StartRefused;
import java.util.Optional;
import java.util.function.Consumer;

/** The encryption key that a Claviger with the embedded database keeps for itself. */
public final class KeptEncryptionKey {
  private KeptEncryptionKey() {}

  /**
   * The operator's keys; else the one kept in the data directory; else a new one, which is kept
   * there. Call this before the database is made: a start that breaks off in between then finds key
   * and no database, never a database without its key.
   *
   * @param databaseExists no new key is made for an old database: it could open nothing there
   * @param notice is told in a sentence where a new key was put
   * @throws StartRefused if a key is missing and must not be made
   */
  public static Confidential orOf(
      KeySettings keys, DataDirectory data, boolean databaseExists, Consumer<String> notice) {
    Optional<Confidential> known =
        keys.encryptionKeys().or(() -> data.read(DataDirectory.ENCRYPTION_KEY));
    if (known.isPresent()) {
      return known.get();
    }
    String file = data.path().resolve(DataDirectory.ENCRYPTION_KEY).toString();
    if (databaseExists) {
      throw new StartRefused(
          "the encryption key is missing: set ENCRYPTION_KEY or put %s back".formatted(file));
    }
    Confidential made = new RandomKey().next();
    if (!data.create(DataDirectory.ENCRYPTION_KEY, made)) {
      return data.read(DataDirectory.ENCRYPTION_KEY).orElseThrow();
    }
    notice.accept("a new encryption key was made and put into " + file + ": keep a copy elsewhere");
    return made;
  }
}
