package io.claviger.application.keys;

import io.claviger.application.keys.port.DeploymentKeys;
import io.claviger.application.keys.port.Sealer;
import io.claviger.application.keys.port.UserKeyStore;

/**
 * Where API keys come from besides the instance itself, and what seals and opens them.
 *
 * @param userKeys the users' own keys
 * @param deploymentKeys the operator's keys
 */
public record KeyAccess(UserKeyStore userKeys, Sealer sealer, DeploymentKeys deploymentKeys) {
  /** What decides which key a call uses. */
  public KeyDecisions decisions() {
    return new KeyDecisions(new SecretOpener(sealer), deploymentKeys);
  }
}
