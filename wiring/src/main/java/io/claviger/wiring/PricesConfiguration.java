package io.claviger.wiring;

import io.claviger.application.gateway.AuthorizationCache;
import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.prices.CachedPriceBook;
import io.claviger.application.prices.PriceBook;
import io.claviger.application.prices.Prices;
import io.claviger.application.prices.ServicePrices;
import io.claviger.application.prices.port.PriceStore;
import io.claviger.application.providers.port.ProviderStore;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.persistence.prices.JdbcPrices;
import io.claviger.persistence.shared.Database;
import io.claviger.wiring.upkeep.Upkeep;
import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class PricesConfiguration {
  @Bean
  PriceStore priceStore(Database database) {
    return new JdbcPrices(database);
  }

  @Bean
  Prices prices(PriceStore prices, ProviderStore providers, AuditedChanges changes) {
    return Prices.of(prices, providers, changes);
  }

  @Bean
  ServicePrices servicePrices(InstanceStore services, PriceStore prices, AuditedChanges changes) {
    return ServicePrices.of(services, prices, changes);
  }

  /** The prices for gateway calls, read on separate database connections. */
  @Bean
  PriceBook priceBook(Connections connections, AuthorizationCache cache, InstantSource clock) {
    CachedPriceBook prices =
        new CachedPriceBook(
            new JdbcPrices(new Database(connections.calls())), clock, cache::isFresh);
    cache.tell(prices);
    return prices;
  }

  @Bean
  Upkeep endedPrices(ServicePrices prices) {
    return Upkeep.removing("ended-prices", prices::removeEnded);
  }
}
