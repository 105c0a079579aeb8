package io.claviger.bootstrap.wiring;

import io.claviger.application.accounts.RejectedTokens;
import io.claviger.application.accounts.TokenAcceptance;
import io.claviger.application.accounts.port.AccessTokenStore;
import io.claviger.application.gateway.AuthorizationCache;
import io.claviger.application.gateway.GatewayModule;
import io.claviger.application.gateway.port.CallContexts;
import io.claviger.application.gateway.port.ChangeFeed;
import io.claviger.application.gateway.port.PermitLeases;
import io.claviger.application.gateway.port.ProviderProbe;
import io.claviger.application.keys.port.DeploymentKeys;
import io.claviger.application.keys.port.Sealer;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.port.AuditTrail;
import io.claviger.application.shared.port.Ids;
import io.claviger.application.usage.UsageCounter;
import io.claviger.gateway.OutboundProbe;
import io.claviger.gateway.OutboundSettings;
import io.claviger.persistence.PersistenceModule;
import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class GatewayConfiguration {
  /** Ends with the context. */
  @Bean
  OutboundProbe probe(OutboundSettings outbound) {
    return OutboundProbe.start(outbound);
  }

  /** What a call asks, on connections of its own. */
  @Bean
  CallPorts callPorts(Connections connections, InstantSource clock) {
    PersistenceModule ports = new PersistenceModule(connections.calls(), clock);
    return new CallPorts(
        ports.callFacts(), ports.permitLeases(), ports.accessTokens(), ports.auditTrail());
  }

  record CallPorts(
      CallContexts facts, PermitLeases leases, AccessTokenStore tokens, AuditTrail trail) {}

  @Bean
  AuthorizationCache memory(CallPorts ports, ChangeFeed changes) {
    return new AuthorizationCache(ports.facts(), changes, System::nanoTime);
  }

  @Bean
  GatewayModule gateway(
      CallPorts ports,
      AuthorizationCache memory,
      TokenAcceptance acceptance,
      RejectedTokens rejected,
      DeploymentKeys deploymentKeys,
      Sealer sealer,
      ProviderProbe probe,
      UsageCounter usage,
      Ids ids,
      AuditedChanges attempts) {
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
        usage,
        ports.trail(),
        ids,
        attempts);
  }
}
