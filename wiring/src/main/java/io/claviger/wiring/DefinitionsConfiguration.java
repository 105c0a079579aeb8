package io.claviger.wiring;

import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.definitions.Definitions;
import io.claviger.application.definitions.FieldsResolver;
import io.claviger.application.definitions.port.DefinitionStore;
import io.claviger.application.providers.port.ProviderStore;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shares.Grantees;
import io.claviger.application.shares.Shares;
import io.claviger.application.shares.port.ShareStore;
import io.claviger.application.standards.port.ApiStandardStore;
import io.claviger.domain.definitions.Definition;
import io.claviger.persistence.definitions.JdbcDefinitions;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.sharing.JdbcShares;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class DefinitionsConfiguration {
  @Bean
  DefinitionStore definitionStore(Database database) {
    return new JdbcDefinitions(database);
  }

  @Bean
  ShareStore<Definition.Id> definitionShareStore(Database database) {
    return JdbcShares.ofDefinitions(database);
  }

  @Bean
  Definitions definitions(
      DefinitionStore definitions,
      ShareStore<Definition.Id> shares,
      ApiStandardStore standards,
      ProviderStore providers,
      UserStore users,
      Grantees grantees,
      AuditedChanges changes) {
    return Definitions.of(
        definitions,
        new Shares<>(shares, grantees, changes),
        new FieldsResolver(standards, providers),
        users,
        changes);
  }
}
