package io.claviger.bootstrap.wiring;

import io.claviger.application.accounts.RejectedTokens;
import io.claviger.application.accounts.TokenAcceptance;
import io.claviger.application.accounts.port.AccessTokenStore;
import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.gateway.AuthorizationCache;
import io.claviger.application.gateway.CallExplanations;
import io.claviger.application.gateway.GatewayModule;
import io.claviger.application.gateway.port.CallContexts;
import io.claviger.application.gateway.port.ChangeFeed;
import io.claviger.application.gateway.port.PermitLeases;
import io.claviger.application.gateway.port.ProviderProbe;
import io.claviger.application.keys.KeyAccess;
import io.claviger.application.keys.port.DeploymentKeys;
import io.claviger.application.keys.port.Sealer;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.port.AuditTrail;
import io.claviger.application.shared.port.Ids;
import io.claviger.application.usage.UsageCounter;
import io.claviger.gateway.out.OutboundSettings;
import io.claviger.gateway.probe.OutboundProbe;
import io.claviger.persistence.accounts.JdbcAccessTokens;
import io.claviger.persistence.audit.JdbcAuditTrail;
import io.claviger.persistence.gateway.JdbcCallContexts;
import io.claviger.persistence.gateway.JdbcPermitLeases;
import io.claviger.persistence.shared.Database;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class GatewayConfiguration {
  /** The probe is closed with the context. */
  @Bean
  OutboundProbe probe(OutboundSettings outbound) {
    return OutboundProbe.start(outbound);
  }

  /** The ports that gateway calls use, on connections of their own. */
  @Bean
  CallPorts callPorts(Connections connections) {
    Database calls = new Database(connections.calls());
    return new CallPorts(
        new JdbcCallContexts(calls),
        new JdbcPermitLeases(calls),
        new JdbcAccessTokens(calls),
        new JdbcAuditTrail(calls));
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

  @Bean
  CallExplanations callExplanations(
      CallPorts ports,
      UserStore users,
      KeyAccess keys,
      GatewayModule gateway,
      AuditedChanges attempts) {
    return CallExplanations.of(ports.facts(), users, keys, gateway.permits(), attempts);
  }
}
