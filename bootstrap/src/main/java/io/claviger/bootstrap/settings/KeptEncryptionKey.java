package io.claviger.bootstrap.settings;

import io.claviger.host.Confidential;
import io.claviger.host.DataDirectory;
import io.claviger.host.RandomKey;
import io.claviger.host.StartRefused;
import java.util.Optional;
import java.util.function.Consumer;

/** The encryption key that Claviger creates and keeps for the embedded database. */
public final class KeptEncryptionKey {
  private KeptEncryptionKey() {}

  /**
   * Returns the operator's keys. If the operator gave none, returns the key in the data directory.
   * If no key is there either, creates a new key, stores it in the data directory and returns it.
   * Call this method before the database is created: a start that is interrupted can then leave a
   * key without a database, but never a database without its key.
   *
   * @param databaseExists whether the database already exists. For an existing database, no new key
   *     is created, because a new key could not decrypt the database's values
   * @param notice receives a sentence that names the file of a new key
   * @throws StartRefused if there is no key and no new key may be created
   */
  public static Confidential orOf(
      KeySettings keys, DataDirectory data, boolean databaseExists, Consumer<String> notice) {
    Optional<Confidential> known = keys.encryptionKeys().or(() -> in(data));
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
      return in(data).orElseThrow();
    }
    notice.accept(
        "a new encryption key was created and written to " + file + ": keep a copy elsewhere");
    return made;
  }

  /**
   * Returns the keys in the data directory; empty if there are none. As in {@code
   * ENCRYPTION_KEY_FILE}, the file can have several keys, one per line.
   */
  public static Optional<Confidential> in(DataDirectory data) {
    return data.read(DataDirectory.ENCRYPTION_KEY)
        .map(kept -> kept.lend(text -> Confidential.of(KeySettings.onOneLine(new String(text)))));
  }
}
