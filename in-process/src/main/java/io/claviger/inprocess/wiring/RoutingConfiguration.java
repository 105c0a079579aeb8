package io.claviger.inprocess.wiring;

import io.claviger.application.accounts.RejectedTokens;
import io.claviger.application.accounts.TokenAcceptance;
import io.claviger.application.gateway.AuthorizationCache;
import io.claviger.application.keys.KeyAccess;
import io.claviger.application.routing.ModelRouting;
import io.claviger.inprocess.wiring.GatewayConfiguration.CallPorts;
import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class RoutingConfiguration {
  @Bean
  ModelRouting modelRouting(
      CallPorts ports,
      AuthorizationCache cache,
      KeyAccess keys,
      TokenAcceptance acceptance,
      RejectedTokens rejected,
      InstantSource clock) {
    return ModelRouting.of(
        ports.routing(), cache, keys.decisions(), acceptance, ports.tokens(), rejected, clock);
  }
}
