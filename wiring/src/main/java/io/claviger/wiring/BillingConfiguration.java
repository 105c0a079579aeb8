package io.claviger.wiring;

import io.claviger.application.bills.BillingCalls;
import io.claviger.application.bills.BillingCredentials;
import io.claviger.application.bills.ReadingPlaces;
import io.claviger.application.bills.port.BillingCheck;
import io.claviger.application.bills.port.BillingCredentialStore;
import io.claviger.application.gateway.RateLimiter;
import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.keys.port.Sealer;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.standards.port.ApiStandardStore;
import io.claviger.gateway.probe.OutboundBilling;
import io.claviger.gateway.probe.OutboundProbe;
import io.claviger.persistence.bills.JdbcBillingCredentials;
import io.claviger.persistence.shared.Database;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class BillingConfiguration {
  @Bean
  BillingCredentialStore billingCredentialStore(Database database) {
    return new JdbcBillingCredentials(database);
  }

  /**
   * Reads the figures of bills from providers, and tries out billing credentials before they are
   * stored.
   */
  @Bean
  OutboundBilling providerBilling(
      BillingCredentialStore credentials, Sealer sealer, OutboundProbe probe, Database database) {
    return new OutboundBilling(new BillingCalls(credentials, sealer), probe, database::clock);
  }

  @Bean
  ReadingPlaces readingPlaces() {
    return new ReadingPlaces();
  }

  @Bean
  BillingCredentials billingCredentials(
      InstanceStore services,
      ApiStandardStore standards,
      BillingCredentialStore credentials,
      BillingCheck check,
      RateLimiter permits,
      ReadingPlaces places,
      Sealer sealer,
      AuditedChanges changes) {
    return BillingCredentials.of(
        services, standards, credentials, check, permits, places, sealer, changes);
  }
}
