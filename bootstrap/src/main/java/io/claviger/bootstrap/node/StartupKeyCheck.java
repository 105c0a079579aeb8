package io.claviger.bootstrap.node;

import io.claviger.application.keys.AdmitKeyring;
import io.claviger.application.keys.AdmitKeyring.Outcome;
import io.claviger.bootstrap.wiring.KeyringSentence;
import io.claviger.operator.StartRefused;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns the answer whether this node's encryption keys are right into a start or a clear refusal.
 */
final class StartupKeyCheck {
  private static final Logger LOG = LoggerFactory.getLogger(StartupKeyCheck.class);

  private StartupKeyCheck() {}

  static void demand(AdmitKeyring keyring) {
    Outcome outcome = keyring.admit();
    if (!(outcome instanceof Outcome.Admitted admitted)) {
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
