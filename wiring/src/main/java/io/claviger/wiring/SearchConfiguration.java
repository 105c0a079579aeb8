package io.claviger.wiring;

import io.claviger.application.search.NameSearch;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.persistence.search.JdbcNames;
import io.claviger.persistence.shared.Database;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class SearchConfiguration {
  @Bean
  NameSearch nameSearch(Database database, AuditedChanges changes) {
    return NameSearch.of(new JdbcNames(database), changes);
  }
}
