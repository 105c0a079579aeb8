package io.claviger.bootstrap.wiring;

import io.claviger.application.accounts.RejectedTokens;
import io.claviger.application.accounts.TokenAcceptance;
import io.claviger.application.accounts.out.AccessTokens;
import io.claviger.application.gateway.FactsMemory;
import io.claviger.application.gateway.GatewayModule;
import io.claviger.application.gateway.out.CallFacts;
import io.claviger.application.gateway.out.Changes;
import io.claviger.application.gateway.out.PermitLeases;
import io.claviger.application.gateway.out.Probe;
import io.claviger.application.keys.out.DeploymentKeys;
import io.claviger.application.keys.out.Sealer;
import io.claviger.application.shared.Attempts;
import io.claviger.application.shared.out.AuditTrail;
import io.claviger.application.shared.out.Ids;
import io.claviger.gateway.OutboundSettings;
import io.claviger.gateway.ProviderProbe;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class GatewayConfiguration {
  /** Ends with the context. */
  @Bean
  ProviderProbe probe(OutboundSettings outbound) {
    return ProviderProbe.start(outbound);
  }

  @Bean
  FactsMemory memory(CallFacts facts, Changes changes) {
    return new FactsMemory(facts, changes, System::nanoTime);
  }

  @Bean
  GatewayModule gateway(
      CallFacts facts,
      FactsMemory memory,
      PermitLeases leases,
      AccessTokens tokens,
      TokenAcceptance acceptance,
      RejectedTokens rejected,
      DeploymentKeys deploymentKeys,
      Sealer sealer,
      Probe probe,
      AuditTrail trail,
      Ids ids,
      Attempts attempts) {
    return GatewayModule.of(
        facts,
        memory,
        leases,
        tokens,
        acceptance,
        rejected,
        deploymentKeys,
        sealer,
        probe,
        trail,
        ids,
        attempts);
  }
}
