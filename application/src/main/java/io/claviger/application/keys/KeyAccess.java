package io.claviger.application.keys;

import io.claviger.application.keys.port.DeploymentKeys;
import io.claviger.application.keys.port.DestinationPolicy;
import io.claviger.application.keys.port.Sealer;
import io.claviger.application.keys.port.UserKeyStore;

/**
 * The sources of API keys other than the instance itself, and the sealer that seals and opens keys.
 *
 * @param userKeys the users' own keys
 * @param deploymentKeys the operator's keys
 * @param destinations decides to which endpoints keys may be sent
 */
public record KeyAccess(
    UserKeyStore userKeys,
    Sealer sealer,
    DeploymentKeys deploymentKeys,
    DestinationPolicy destinations) {

  /** Returns the collector of the values that decide which key a call uses. */
  public KeyDecisions decisions() {
    return new KeyDecisions(new SecretOpener(sealer), deploymentKeys);
  }
}
