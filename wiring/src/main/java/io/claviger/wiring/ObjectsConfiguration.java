package io.claviger.wiring;

import io.claviger.application.gateway.AuthorizationCache;
import io.claviger.application.objects.HeldObjects;
import io.claviger.application.objects.RememberedObjects;
import io.claviger.application.objects.port.ObjectLedger;
import io.claviger.persistence.objects.JdbcObjectLedger;
import io.claviger.persistence.shared.Database;
import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class ObjectsConfiguration {
  /** On the connections of calls. */
  @Bean
  ObjectLedger objectLedger(Connections connections) {
    return new JdbcObjectLedger(new Database(connections.calls()));
  }

  @Bean
  RememberedObjects rememberedObjects(AuthorizationCache cache) {
    RememberedObjects remembered = new RememberedObjects(cache::isFresh);
    cache.tell(remembered);
    return remembered;
  }

  @Bean
  HeldObjects heldObjects(ObjectLedger ledger, RememberedObjects remembered, InstantSource clock) {
    return HeldObjects.of(ledger, remembered, clock);
  }
}
