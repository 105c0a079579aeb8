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
import io.claviger.application.usage.UsageModule;
import io.claviger.gateway.OutboundSettings;
import io.claviger.gateway.ProviderProbe;
import io.claviger.persistence.PersistenceModule;
import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class GatewayConfiguration {
  /** Ends with the context. */
  @Bean
  ProviderProbe probe(OutboundSettings outbound) {
    return ProviderProbe.start(outbound);
  }

  /** What a call asks, on connections of its own. */
  @Bean
  CallPorts callPorts(Connections connections, InstantSource clock) {
    PersistenceModule ports = new PersistenceModule(connections.calls(), clock);
    return new CallPorts(
        ports.callFacts(), ports.permitLeases(), ports.accessTokens(), ports.auditTrail());
  }

  record CallPorts(CallFacts facts, PermitLeases leases, AccessTokens tokens, AuditTrail trail) {}

  @Bean
  FactsMemory memory(CallPorts ports, Changes changes) {
    return new FactsMemory(ports.facts(), changes, System::nanoTime);
  }

  @Bean
  GatewayModule gateway(
      CallPorts ports,
      FactsMemory memory,
      TokenAcceptance acceptance,
      RejectedTokens rejected,
      DeploymentKeys deploymentKeys,
      Sealer sealer,
      Probe probe,
      UsageModule usage,
      Ids ids,
      Attempts attempts) {
    return GatewayModule.of(
        ports.facts(),
        memory,
        ports.leases(),
        ports.tokens(),
        acceptance,
        rejected,
        deploymentKeys,
        sealer,
        probe,
        usage.counter(),
        ports.trail(),
        ids,
        attempts);
  }
}
