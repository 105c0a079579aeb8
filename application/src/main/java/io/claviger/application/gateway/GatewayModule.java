package io.claviger.application.gateway;

import io.claviger.application.accounts.LastUseRecorder;
import io.claviger.application.accounts.RejectedTokens;
import io.claviger.application.accounts.TokenAcceptance;
import io.claviger.application.accounts.port.AccessTokenStore;
import io.claviger.application.gateway.port.CallContexts;
import io.claviger.application.gateway.port.PermitLeases;
import io.claviger.application.gateway.port.ProviderProbe;
import io.claviger.application.keys.KeyDecisions;
import io.claviger.application.keys.SecretOpener;
import io.claviger.application.keys.port.DeploymentKeys;
import io.claviger.application.keys.port.Sealer;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.port.AuditTrail;
import io.claviger.application.shared.port.Ids;
import io.claviger.application.usage.UsageCounter;

/**
 * Builds the use cases of the gateway from what they need.
 *
 * @param permits to be swept now and then
 */
public record GatewayModule(
    CallAuthorization authorizeCall, ConnectionChecks checkConnection, RateLimiter permits) {

  public static GatewayModule of(
      CallContexts facts,
      AuthorizationCache memory,
      PermitLeases leases,
      AccessTokenStore tokens,
      TokenAcceptance acceptance,
      RejectedTokens rejected,
      DeploymentKeys deploymentKeys,
      Sealer sealer,
      ProviderProbe probe,
      UsageCounter usage,
      AuditTrail trail,
      Ids ids,
      AuditedChanges changes) {
    SecretOpener secrets = new SecretOpener(sealer);
    KeyDecisions resolution = new KeyDecisions(secrets, deploymentKeys);
    CallKeyOpener opening = new CallKeyOpener(secrets, deploymentKeys, trail, ids, changes);
    RateLimiter permits = new RateLimiter(leases, System::nanoTime);
    return new GatewayModule(
        new CachedCallAuthorization(
            memory,
            acceptance,
            new LastUseRecorder(tokens),
            rejected,
            resolution,
            opening,
            permits,
            usage,
            changes),
        new LimitedConnectionChecks(facts, resolution, opening, probe, permits, usage, changes),
        permits);
  }
}
