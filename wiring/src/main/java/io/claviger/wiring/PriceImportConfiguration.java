package io.claviger.wiring;

import io.claviger.application.prices.PriceListImport;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.persistence.prices.JdbcPrices;
import io.claviger.persistence.shared.Database;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class PriceImportConfiguration {
  @Bean
  PriceListImport priceListImport(Database database, AuditedChanges changes) {
    return new PriceListImport(new JdbcPrices(database), changes);
  }
}
