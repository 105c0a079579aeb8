package io.claviger.wiring;

import io.claviger.application.accounts.RejectedTokens;
import io.claviger.application.accounts.TokenAcceptance;
import io.claviger.application.gateway.AuthorizationCache;
import io.claviger.application.gateway.CallAuthorization;
import io.claviger.application.gateway.PassedChecks;
import io.claviger.application.health.SharedTime;
import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.keys.KeyAccess;
import io.claviger.application.routing.BareNames;
import io.claviger.application.routing.ModelResolutions;
import io.claviger.application.routing.ModelRouting;
import io.claviger.application.routing.ServiceModels;
import io.claviger.application.routing.port.ModelListSource;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.gateway.probe.OutboundModelLists;
import io.claviger.gateway.probe.OutboundProbe;
import io.claviger.persistence.routing.JdbcBareNames;
import io.claviger.persistence.routing.JdbcModelLists;
import io.claviger.persistence.routing.JdbcRoutingContexts;
import io.claviger.persistence.shared.Database;
import io.claviger.wiring.GatewayConfiguration.CallPorts;
import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class RoutingConfiguration {
  @Bean
  BareNames bareNames(InstanceStore instances, Database database, AuditedChanges changes) {
    return BareNames.of(instances, new JdbcBareNames(database), changes);
  }

  @Bean
  ServiceModels serviceModels(
      InstanceStore instances, Database database, KeyAccess keys, AuditedChanges changes) {
    return ServiceModels.of(instances, new JdbcModelLists(database), keys.decisions(), changes);
  }

  @Bean
  ModelResolutions modelResolutions(Database database, KeyAccess keys, SharedTime time) {
    return ModelResolutions.of(
        new JdbcRoutingContexts(database),
        new JdbcModelLists(database),
        keys.decisions(),
        time::instant);
  }

  @Bean
  ModelListSource modelListSource(OutboundProbe probe) {
    return new OutboundModelLists(probe);
  }

  @Bean
  PassedChecks passedChecks(CallPorts ports, ModelListSource source, InstantSource clock) {
    return ServiceModels.learnedAtChecks(ports.modelLists(), source, clock);
  }

  @Bean
  ModelRouting modelRouting(
      CallPorts ports,
      ModelListSource source,
      CallAuthorization calls,
      AuthorizationCache cache,
      KeyAccess keys,
      TokenAcceptance acceptance,
      RejectedTokens rejected,
      SharedTime time) {
    return ModelRouting.of(
        ports.routing(),
        ports.modelLists(),
        source,
        calls,
        cache,
        keys.decisions(),
        acceptance,
        ports.tokens(),
        rejected,
        task -> Thread.ofVirtual().start(task),
        time::instant);
  }
}
