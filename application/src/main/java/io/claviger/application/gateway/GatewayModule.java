package io.claviger.application.gateway;

import io.claviger.application.accounts.RejectedTokens;
import io.claviger.application.accounts.TokenAcceptance;
import io.claviger.application.accounts.TokenUse;
import io.claviger.application.accounts.out.AccessTokens;
import io.claviger.application.gateway.out.CallFacts;
import io.claviger.application.gateway.out.PermitLeases;
import io.claviger.application.gateway.out.Probe;
import io.claviger.application.keys.KeyResolution;
import io.claviger.application.keys.StoredSecrets;
import io.claviger.application.keys.out.DeploymentKeys;
import io.claviger.application.keys.out.Sealer;
import io.claviger.application.shared.Attempts;
import io.claviger.application.shared.out.AuditTrail;
import io.claviger.application.shared.out.Ids;
import io.claviger.application.usage.UsageCounter;

/**
 * Builds the use cases of the gateway from what they need.
 *
 * @param permits to be swept now and then
 */
public record GatewayModule(
    AuthorizeCall authorizeCall, CheckConnection checkConnection, Permits permits) {

  public static GatewayModule of(
      CallFacts facts,
      FactsMemory memory,
      PermitLeases leases,
      AccessTokens tokens,
      TokenAcceptance acceptance,
      RejectedTokens rejected,
      DeploymentKeys deploymentKeys,
      Sealer sealer,
      Probe probe,
      UsageCounter usage,
      AuditTrail trail,
      Ids ids,
      Attempts attempts) {
    StoredSecrets secrets = new StoredSecrets(sealer);
    KeyResolution resolution = new KeyResolution(secrets, deploymentKeys);
    KeyOpening opening = new KeyOpening(secrets, deploymentKeys, trail, ids, attempts);
    Permits permits = new Permits(leases, System::nanoTime);
    return new GatewayModule(
        new AuthorizeCallService(
            memory,
            acceptance,
            new TokenUse(tokens),
            rejected,
            resolution,
            opening,
            permits,
            attempts),
        new CheckConnectionService(facts, resolution, opening, probe, permits, usage, attempts),
        permits);
  }
}
