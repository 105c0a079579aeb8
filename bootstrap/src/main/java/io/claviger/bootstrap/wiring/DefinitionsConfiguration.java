package io.claviger.bootstrap.wiring;

import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.definitions.Definitions;
import io.claviger.application.definitions.port.DefinitionStore;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shares.port.ShareStore;
import io.claviger.application.standards.port.ApiStandardStore;
import io.claviger.domain.definitions.DefinitionId;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class DefinitionsConfiguration {
  @Bean
  Definitions definitions(
      DefinitionStore definitions,
      ShareStore<DefinitionId> shares,
      ApiStandardStore standards,
      UserStore users,
      AuditedChanges changes) {
    return Definitions.of(definitions, shares, standards, users, changes);
  }
}
