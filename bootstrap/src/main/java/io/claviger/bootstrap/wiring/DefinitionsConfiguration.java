package io.claviger.bootstrap.wiring;

import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.definitions.DefinitionsModule;
import io.claviger.application.definitions.port.DefinitionStore;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.port.Ids;
import io.claviger.application.shares.port.ShareStore;
import io.claviger.application.standards.port.ApiStandardStore;
import io.claviger.domain.definitions.DefinitionId;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class DefinitionsConfiguration {
  @Bean
  DefinitionsModule definitions(
      DefinitionStore definitions,
      ShareStore<DefinitionId> shares,
      ApiStandardStore standards,
      UserStore users,
      Ids ids,
      AuditedChanges attempts) {
    return DefinitionsModule.of(
        definitions, shares, standards, users, ids, attempts);
  }
}
