package io.claviger.wiring;

import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.standards.Standards;
import io.claviger.application.standards.port.ApiStandardStore;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.standards.JdbcApiStandards;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class StandardsConfiguration {
  @Bean
  ApiStandardStore apiStandardStore(Database database) {
    return new JdbcApiStandards(database);
  }

  @Bean
  Standards standards(ApiStandardStore standards, AuditedChanges changes) {
    return Standards.of(standards, changes);
  }
}
