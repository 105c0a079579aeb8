package io.claviger.inprocess.node;

import io.claviger.application.keys.KeyringAdmission;
import io.claviger.inprocess.wiring.KeyringSentence;
import io.claviger.operator.StartRefused;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Refuses to start when this node's encryption keys do not match the database. */
final class StartupKeyCheck {
  private static final Logger LOG = LoggerFactory.getLogger(StartupKeyCheck.class);

  private StartupKeyCheck() {}

  static void demand(KeyringAdmission keyring) {
    KeyringAdmission.AdmissionOutcome outcome = keyring.admit();
    if (!(outcome instanceof KeyringAdmission.AdmissionOutcome.Admitted admitted)) {
      throw new StartRefused(KeyringSentence.of(outcome));
    }
    if (!admitted.lackedBy().isEmpty()) {
      LOG.warn(
          "values that this node seals can't be used at {}, which lack the encryption key {}: a new"
              + " key is added last on every node before it is put first",
          String.join(", ", admitted.lackedBy()),
          admitted.sealing());
    }
  }
}
