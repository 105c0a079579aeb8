package io.claviger.wiring.node;

import io.claviger.application.keys.KeyringAdmission;
import io.claviger.application.keys.KeyringAdmission.AdmissionOutcome;
import io.claviger.application.keys.port.EncryptionKeyStore;
import io.claviger.application.shared.StoreUnavailable;
import io.claviger.custody.Keyring;
import io.claviger.custody.TinkSealer;
import io.claviger.host.StartRefused;
import io.claviger.persistence.Schema;
import io.claviger.persistence.UnsuitableDatabase;
import io.claviger.persistence.keys.JdbcEncryptionKeys;
import io.claviger.persistence.shared.Database;
import io.claviger.wiring.KeyringSentence;
import io.claviger.wiring.OperatorSecrets;
import java.util.Optional;
import java.util.function.Supplier;

/** Migrates the schema before any other part of the program uses the database. */
public final class SchemaAtStart {
  private SchemaAtStart() {}

  /**
   * Migrates the schema for a node. First compares the node's encryption keys with the recorded
   * keys, so that a node that may not start changes nothing.
   *
   * @throws StartRefused if the encryption keys do not match the recorded keys, if the database
   *     can't be reached, or if Claviger can't use it
   */
  public static void migrate(Schema schema, OperatorSecrets secrets) {
    demand(schema::requireReadable);
    try {
      if (schema.recordsEncryptionKeys()) {
        demandMatching(schema, secrets.keyring(), false);
      }
    } catch (StoreUnavailable e) {
      throw new StartRefused(String.valueOf(e.getMessage()), e);
    }
    migrate(schema);
  }

  /**
   * Migrates the schema for a command that can do without encryption keys. The earlier version
   * can't use an upgraded database any more. So a schema of an earlier version is only upgraded if
   * the given keys match the recorded keys.
   *
   * @param given the source of the encryption keys that were given to the command; empty if no keys
   *     were given. Only called if an upgrade depends on the keys
   * @param lost whether the command is for lost keys, so that recorded keys may be missing among
   *     the given keys
   * @throws StartRefused if the schema would have to be upgraded and the encryption keys do not
   *     match, if the database can't be reached, or if Claviger can't use it
   */
  public static void migrateForCommand(
      Schema schema, Supplier<Optional<Keyring>> given, boolean lost) {
    try {
      if (schema.state() == Schema.State.BEHIND
          && schema.recordsEncryptionKeys()
          && !recorded(schema).all().isEmpty()) {
        Optional<Keyring> keyring = given.get();
        if (keyring.isPresent()) {
          demandMatching(schema, keyring.get(), lost);
        } else if (!lost) {
          throw new StartRefused(
              "the database is of an earlier version, and is upgraded only by somebody who has its"
                  + " encryption keys; set ENCRYPTION_KEY or ENCRYPTION_KEY_FILE, or start `serve`"
                  + " of this version first");
        }
      }
    } catch (StoreUnavailable e) {
      throw new StartRefused(String.valueOf(e.getMessage()), e);
    }
    migrate(schema);
  }

  private static void demandMatching(Schema schema, Keyring keyring, boolean lost) {
    AdmissionOutcome outcome = KeyringAdmission.judge(recorded(schema), new TinkSealer(keyring));
    boolean matching =
        outcome instanceof AdmissionOutcome.Admitted
            || (lost && outcome instanceof AdmissionOutcome.Missing);
    if (!matching) {
      throw new StartRefused(KeyringSentence.of(outcome));
    }
  }

  private static EncryptionKeyStore recorded(Schema schema) {
    return new JdbcEncryptionKeys(new Database(schema.connections()));
  }

  /**
   * @throws StartRefused if the database can't be reached, or if Claviger can't use it
   */
  public static void migrate(Schema schema) {
    demand(schema::migrate);
  }

  /**
   * Checks the connections of a role that did not migrate the schema.
   *
   * @throws StartRefused if the database can't be reached, or if statements on these connections
   *     would not find the schema's tables
   */
  public static void requireFound(Schema schema) {
    demand(schema::requireFound);
  }

  private static void demand(Runnable check) {
    try {
      check.run();
    } catch (UnsuitableDatabase e) {
      throw new StartRefused(String.valueOf(e.getMessage()), e);
    } catch (StoreUnavailable e) {
      throw new StartRefused(String.valueOf(e.getMessage()), e);
    }
  }
}
