package io.claviger.application.keys;

import io.claviger.application.keys.port.DeploymentKeys;
import io.claviger.application.keys.port.DestinationPolicy;
import io.claviger.application.keys.port.Sealer;
import io.claviger.application.keys.port.UserKeyStore;

/**
 * The sources of API keys that are not stored with the instance, and the sealer that opens keys.
 *
 * @param userKeys the keys that users have stored as their own keys
 * @param deploymentKeys the keys that the operator has set in the environment
 * @param destinations the policy that decides which endpoints may receive keys
 */
public record KeyAccess(
    UserKeyStore userKeys,
    Sealer sealer,
    DeploymentKeys deploymentKeys,
    DestinationPolicy destinations) {

  /** Returns an object that decides which key a call uses. */
  public KeyDecisions decisions() {
    return new KeyDecisions(new SecretOpener(sealer), deploymentKeys);
  }
}
