package io.claviger.wiring.node;

import io.claviger.application.keys.KeyringAdmission;
import io.claviger.application.shared.StoreUnavailable;
import io.claviger.custody.TinkSealer;
import io.claviger.host.StartRefused;
import io.claviger.persistence.Schema;
import io.claviger.persistence.UnsuitableDatabase;
import io.claviger.persistence.keys.JdbcEncryptionKeys;
import io.claviger.persistence.shared.Database;
import io.claviger.wiring.KeyringSentence;
import io.claviger.wiring.OperatorSecrets;

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
    try {
      if (schema.recordsEncryptionKeys()) {
        KeyringAdmission.AdmissionOutcome outcome =
            KeyringAdmission.judge(
                new JdbcEncryptionKeys(new Database(schema.connections())),
                new TinkSealer(secrets.keyring()));
        if (!(outcome instanceof KeyringAdmission.AdmissionOutcome.Admitted)) {
          throw new StartRefused(KeyringSentence.of(outcome));
        }
      }
    } catch (StoreUnavailable e) {
      throw new StartRefused("the database can't be reached", e);
    }
    migrate(schema);
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
      throw new StartRefused("the database can't be reached", e);
    }
  }
}
