package io.claviger.application.gateway;

import io.claviger.application.accounts.RejectedTokens;
import io.claviger.application.accounts.TokenAcceptance;
import io.claviger.application.accounts.TokenUse;
import io.claviger.application.accounts.out.AccessTokens;
import io.claviger.application.gateway.out.CallFacts;
import io.claviger.application.gateway.out.DeploymentKeys;
import io.claviger.application.keys.out.Sealer;
import io.claviger.application.shared.Attempts;
import io.claviger.application.shared.out.AuditTrail;
import io.claviger.application.shared.out.Ids;

/** Builds the use cases of the gateway from what they need. */
public record GatewayModule(AuthorizeCall authorizeCall) {

  public static GatewayModule of(
      CallFacts facts,
      AccessTokens tokens,
      TokenAcceptance acceptance,
      RejectedTokens rejected,
      DeploymentKeys deploymentKeys,
      Sealer sealer,
      AuditTrail trail,
      Ids ids,
      Attempts attempts) {
    KeyOpening opening = new KeyOpening(sealer, deploymentKeys, trail, ids, attempts);
    return new GatewayModule(
        new AuthorizeCallService(
            facts, acceptance, new TokenUse(tokens), rejected, deploymentKeys, opening, attempts));
  }
}
