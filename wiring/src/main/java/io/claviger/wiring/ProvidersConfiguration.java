package io.claviger.wiring;

import io.claviger.application.providers.Providers;
import io.claviger.application.providers.port.ProviderStore;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.standards.port.ApiStandardStore;
import io.claviger.persistence.providers.JdbcProviders;
import io.claviger.persistence.shared.Database;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class ProvidersConfiguration {
  @Bean
  ProviderStore providerStore(Database database) {
    return new JdbcProviders(database);
  }

  @Bean
  Providers providers(ProviderStore providers, ApiStandardStore standards, AuditedChanges changes) {
    return Providers.of(providers, standards, changes);
  }
}
