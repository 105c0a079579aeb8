package io.claviger.wiring;

import io.claviger.application.gateway.AuthorizationCache;
import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.instances.port.ProviderAccounts;
import io.claviger.application.objects.HeldObjects;
import io.claviger.application.objects.ObjectUses;
import io.claviger.application.objects.RememberedObjects;
import io.claviger.application.objects.ServiceObjects;
import io.claviger.application.objects.port.ObjectLedger;
import io.claviger.application.objects.port.StoredObjectStore;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.persistence.objects.JdbcObjectLedger;
import io.claviger.persistence.objects.JdbcProviderAccounts;
import io.claviger.persistence.objects.JdbcStoredObjects;
import io.claviger.persistence.shared.Database;
import io.claviger.wiring.upkeep.Upkeep;
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
  StoredObjectStore storedObjects(Database database) {
    return new JdbcStoredObjects(database);
  }

  @Bean
  ProviderAccounts providerAccounts(Database database) {
    return new JdbcProviderAccounts(database);
  }

  @Bean
  ServiceObjects serviceObjects(
      InstanceStore services, StoredObjectStore objects, AuditedChanges changes) {
    return ServiceObjects.of(services, objects, changes);
  }

  @Bean
  Upkeep endedObjects(StoredObjectStore objects, InstantSource clock) {
    return Upkeep.removing("ended-objects", () -> objects.sweep(clock.instant()));
  }

  @Bean
  ObjectUses objectUses(StoredObjectStore objects) {
    return new ObjectUses(objects);
  }

  @Bean
  Upkeep usesOfObjects(ObjectUses uses) {
    return Upkeep.removing("uses-of-objects", uses::flush).ending(uses::flush);
  }

  @Bean
  HeldObjects heldObjects(
      ObjectLedger ledger, RememberedObjects remembered, ObjectUses uses, InstantSource clock) {
    return HeldObjects.of(ledger, remembered, uses, clock);
  }
}
