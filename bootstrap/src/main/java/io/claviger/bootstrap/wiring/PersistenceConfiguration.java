package io.claviger.bootstrap.wiring;

import io.claviger.application.accounts.port.AccessTokenStore;
import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.audit.port.AuditEventStore;
import io.claviger.application.definitions.port.DefinitionStore;
import io.claviger.application.gateway.port.ChangeFeed;
import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.keys.port.EncryptionKeyStore;
import io.claviger.application.keys.port.NodeStore;
import io.claviger.application.keys.port.UserKeyStore;
import io.claviger.application.projects.port.ProjectStore;
import io.claviger.application.shared.port.AuditTrail;
import io.claviger.application.shared.port.Ids;
import io.claviger.application.shared.port.Transactions;
import io.claviger.application.sharing.port.InstanceShareStore;
import io.claviger.application.standards.port.ApiStandardStore;
import io.claviger.application.usage.port.UsageStore;
import io.claviger.persistence.PersistenceModule;
import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The ports that keep things, on PostgreSQL. */
@Configuration(proxyBeanMethods = false)
class PersistenceConfiguration {
  @Bean
  PersistenceModule persistence(Connections connections, InstantSource clock) {
    return new PersistenceModule(connections.pool(), clock);
  }

  @Bean
  Transactions transactions(PersistenceModule persistence) {
    return persistence.transactions();
  }

  @Bean
  Ids ids(PersistenceModule persistence) {
    return persistence.ids();
  }

  @Bean
  AuditTrail auditTrail(PersistenceModule persistence) {
    return persistence.auditTrail();
  }

  @Bean
  AuditEventStore auditEventStore(PersistenceModule persistence) {
    return persistence.auditEvents();
  }

  @Bean
  UserStore userStore(PersistenceModule persistence) {
    return persistence.users();
  }

  @Bean
  AccessTokenStore accessTokenStore(PersistenceModule persistence) {
    return persistence.accessTokens();
  }

  @Bean
  ApiStandardStore apiStandards(PersistenceModule persistence) {
    return persistence.apiStandards();
  }

  @Bean
  DefinitionStore definitionStore(PersistenceModule persistence) {
    return persistence.definitions();
  }

  @Bean
  InstanceStore instanceStore(PersistenceModule persistence) {
    return persistence.instances();
  }

  @Bean
  ProjectStore projectStore(PersistenceModule persistence) {
    return persistence.projects();
  }

  @Bean
  InstanceShareStore shares(PersistenceModule persistence) {
    return persistence.shares();
  }

  @Bean
  EncryptionKeyStore encryptionKeys(PersistenceModule persistence) {
    return persistence.encryptionKeys();
  }

  @Bean
  NodeStore nodes(PersistenceModule persistence) {
    return persistence.nodes();
  }

  @Bean
  UserKeyStore userKeyStore(PersistenceModule persistence) {
    return persistence.userKeys();
  }

  @Bean
  ChangeFeed changes(PersistenceModule persistence, Connections connections) {
    return persistence.changes(connections.watching());
  }

  @Bean
  UsageStore usageBooks(PersistenceModule persistence) {
    return persistence.usageBooks();
  }
}
