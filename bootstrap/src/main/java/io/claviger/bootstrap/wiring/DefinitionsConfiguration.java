package io.claviger.bootstrap.wiring;

import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.definitions.Definitions;
import io.claviger.application.definitions.port.DefinitionStore;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.standards.port.ApiStandardStore;
import io.claviger.persistence.PersistenceModule;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class DefinitionsConfiguration {
  @Bean
  Definitions definitions(
      DefinitionStore definitions,
      PersistenceModule persistence,
      ApiStandardStore standards,
      UserStore users,
      AuditedChanges changes) {
    return Definitions.of(
        definitions, persistence.definitionShares(), standards, users, changes);
  }
}
