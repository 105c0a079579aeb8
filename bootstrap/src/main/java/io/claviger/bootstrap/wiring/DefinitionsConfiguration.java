package io.claviger.bootstrap.wiring;

import io.claviger.application.accounts.out.Users;
import io.claviger.application.definitions.DefinitionsModule;
import io.claviger.application.definitions.out.Definitions;
import io.claviger.application.shared.Attempts;
import io.claviger.application.shared.out.Ids;
import io.claviger.application.standards.out.ApiStandards;
import io.claviger.persistence.PersistenceModule;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class DefinitionsConfiguration {
  @Bean
  DefinitionsModule definitions(
      Definitions definitions,
      PersistenceModule persistence,
      ApiStandards standards,
      Users users,
      Ids ids,
      Attempts attempts) {
    return DefinitionsModule.of(
        definitions, persistence.definitionShares(), standards, users, ids, attempts);
  }
}
