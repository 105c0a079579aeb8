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
import io.claviger.application.routing.Offers;
import io.claviger.application.routing.port.OfferSource;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.gateway.probe.OutboundOffers;
import io.claviger.gateway.probe.OutboundProbe;
import io.claviger.persistence.routing.JdbcBareNames;
import io.claviger.persistence.routing.JdbcOffers;
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
  Offers offers(
      InstanceStore instances, Database database, KeyAccess keys, AuditedChanges changes) {
    return Offers.of(instances, new JdbcOffers(database), keys.decisions(), changes);
  }

  @Bean
  ModelResolutions modelResolutions(Database database, KeyAccess keys, SharedTime time) {
    return ModelResolutions.of(
        new JdbcRoutingContexts(database),
        new JdbcOffers(database),
        keys.decisions(),
        time::instant);
  }

  @Bean
  OfferSource offerSource(OutboundProbe probe) {
    return new OutboundOffers(probe);
  }

  @Bean
  PassedChecks passedChecks(CallPorts ports, OfferSource source, InstantSource clock) {
    return Offers.learnedAtChecks(ports.offers(), source, clock);
  }

  @Bean
  ModelRouting modelRouting(
      CallPorts ports,
      OfferSource source,
      CallAuthorization calls,
      AuthorizationCache cache,
      KeyAccess keys,
      TokenAcceptance acceptance,
      RejectedTokens rejected,
      SharedTime time) {
    return ModelRouting.of(
        ports.routing(),
        ports.offers(),
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
