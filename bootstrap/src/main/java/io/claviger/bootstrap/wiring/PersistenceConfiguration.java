package io.claviger.bootstrap.wiring;

import io.claviger.application.accounts.out.AccessTokens;
import io.claviger.application.accounts.out.Users;
import io.claviger.application.audit.out.AuditEvents;
import io.claviger.application.definitions.out.Definitions;
import io.claviger.application.gateway.out.Changes;
import io.claviger.application.instances.out.Instances;
import io.claviger.application.keys.out.EncryptionKeys;
import io.claviger.application.keys.out.Nodes;
import io.claviger.application.keys.out.UserKeys;
import io.claviger.application.projects.out.Projects;
import io.claviger.application.shared.out.AuditTrail;
import io.claviger.application.shared.out.Ids;
import io.claviger.application.shared.out.Transactions;
import io.claviger.application.sharing.out.Shares;
import io.claviger.application.standards.out.ApiStandards;
import io.claviger.application.usage.out.UsageBooks;
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
  AuditEvents auditEvents(PersistenceModule persistence) {
    return persistence.auditEvents();
  }

  @Bean
  Users users(PersistenceModule persistence) {
    return persistence.users();
  }

  @Bean
  AccessTokens accessTokens(PersistenceModule persistence) {
    return persistence.accessTokens();
  }

  @Bean
  ApiStandards apiStandards(PersistenceModule persistence) {
    return persistence.apiStandards();
  }

  @Bean
  Definitions definitionStore(PersistenceModule persistence) {
    return persistence.definitions();
  }

  @Bean
  Instances instanceStore(PersistenceModule persistence) {
    return persistence.instances();
  }

  @Bean
  Projects projectStore(PersistenceModule persistence) {
    return persistence.projects();
  }

  @Bean
  Shares shares(PersistenceModule persistence) {
    return persistence.shares();
  }

  @Bean
  EncryptionKeys encryptionKeys(PersistenceModule persistence) {
    return persistence.encryptionKeys();
  }

  @Bean
  Nodes nodes(PersistenceModule persistence) {
    return persistence.nodes();
  }

  @Bean
  UserKeys userKeyStore(PersistenceModule persistence) {
    return persistence.userKeys();
  }

  @Bean
  Changes changes(PersistenceModule persistence, Connections connections) {
    return persistence.changes(connections.watching());
  }

  @Bean
  UsageBooks usageBooks(PersistenceModule persistence) {
    return persistence.usageBooks();
  }
}
