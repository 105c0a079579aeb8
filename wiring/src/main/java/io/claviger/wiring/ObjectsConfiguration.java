package io.claviger.wiring;

import io.claviger.application.gateway.AuthorizationCache;
import io.claviger.application.gateway.CallKeys;
import io.claviger.application.gateway.ServiceCalls;
import io.claviger.application.health.SharedTime;
import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.instances.port.ProviderAccounts;
import io.claviger.application.objects.HeldObjects;
import io.claviger.application.objects.ObjectReconciliation;
import io.claviger.application.objects.ObjectRemovals;
import io.claviger.application.objects.ObjectUses;
import io.claviger.application.objects.RememberedObjects;
import io.claviger.application.objects.ServiceObjects;
import io.claviger.application.objects.port.ObjectLedger;
import io.claviger.application.objects.port.ObjectRemovalStore;
import io.claviger.application.objects.port.StoredObjectStore;
import io.claviger.application.projects.Projects;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.port.Ids;
import io.claviger.gateway.probe.OutboundObjectLists;
import io.claviger.gateway.probe.OutboundProbe;
import io.claviger.gateway.probe.OutboundRequests;
import io.claviger.persistence.objects.JdbcObjectLedger;
import io.claviger.persistence.objects.JdbcObjectRemovals;
import io.claviger.persistence.objects.JdbcProviderAccounts;
import io.claviger.persistence.objects.JdbcStoredObjects;
import io.claviger.persistence.shared.Database;
import io.claviger.wiring.GatewayConfiguration.CallPorts;
import io.claviger.wiring.upkeep.Upkeep;
import java.time.Duration;
import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class ObjectsConfiguration {
  /** The ledger uses the database connections of gateway calls. */
  @Bean
  ObjectLedger objectLedger(Connections connections, Ids ids, InstantSource clock) {
    return new JdbcObjectLedger(new Database(connections.calls()), ids, clock);
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
  ObjectRemovalStore objectRemovalStore(Database database) {
    return new JdbcObjectRemovals(database);
  }

  @Bean
  ProviderAccounts providerAccounts(Database database) {
    return new JdbcProviderAccounts(database);
  }

  @Bean
  ServiceObjects serviceObjects(
      InstanceStore services,
      StoredObjectStore objects,
      Projects projects,
      AuditedChanges changes) {
    return ServiceObjects.of(services, objects, projects, changes);
  }

  @Bean
  Upkeep endedObjects(ObjectRemovalStore objects) {
    return Upkeep.removing("ended-objects", objects::sweep);
  }

  @Bean
  ServiceCalls serviceCalls(CallPorts ports, CallKeys keys, InstantSource clock) {
    return new ServiceCalls(ports.contexts(), keys, clock);
  }

  @Bean
  ObjectReconciliation objectReconciliation(
      ServiceObjects owners,
      StoredObjectStore objects,
      ServiceCalls services,
      OutboundProbe probe) {
    return ObjectReconciliation.of(owners, objects, services, new OutboundObjectLists(probe));
  }

  @Bean
  ObjectRemovals objectRemovals(
      ObjectRemovalStore objects,
      ServiceCalls services,
      OutboundProbe probe,
      AuditedChanges changes) {
    return new ObjectRemovals(
        objects, services, new OutboundRequests(probe), new OutboundObjectLists(probe), changes);
  }

  /** Deletes objects at providers on a separate thread, because providers might be slow. */
  @Bean
  Upkeep objectRemoval(ObjectRemovals removals, ObjectRemovalStore objects) {
    return Upkeep.of(
            "upkeep-objects",
            () -> removals.removeDue() > 0 ? Duration.ZERO : Duration.ofSeconds(2))
        .ending(() -> removals.finish(Duration.ofSeconds(3)))
        .openingValues()
        .whenThereIsWork(objects::anyToDelete);
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
      ObjectLedger ledger, RememberedObjects remembered, ObjectUses uses, SharedTime time) {
    return HeldObjects.of(ledger, remembered, uses, time::instant);
  }
}
