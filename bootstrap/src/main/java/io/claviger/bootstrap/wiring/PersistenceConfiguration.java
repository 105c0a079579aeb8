package io.claviger.bootstrap.wiring;

import io.claviger.application.accounts.port.AccessTokenStore;
import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.audit.port.AuditEventStore;
import io.claviger.application.defaults.port.DefaultServiceStore;
import io.claviger.application.definitions.port.DefinitionStore;
import io.claviger.application.gateway.port.ChangeFeed;
import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.keys.port.EncryptionKeyStore;
import io.claviger.application.keys.port.NodeStore;
import io.claviger.application.keys.port.SealedValueStore;
import io.claviger.application.keys.port.UserKeyStore;
import io.claviger.application.models.port.ModelConfigStore;
import io.claviger.application.projects.port.ProjectStore;
import io.claviger.application.shared.port.AuditTrail;
import io.claviger.application.shared.port.Ids;
import io.claviger.application.shared.port.ObjectCounts;
import io.claviger.application.shared.port.Transactions;
import io.claviger.application.shares.port.ShareStore;
import io.claviger.application.sharing.port.InstanceShareStore;
import io.claviger.application.standards.port.ApiStandardStore;
import io.claviger.application.usage.port.UsageStore;
import io.claviger.domain.definitions.DefinitionId;
import io.claviger.domain.projects.ProjectId;
import io.claviger.persistence.accounts.JdbcAccessTokens;
import io.claviger.persistence.accounts.JdbcUsers;
import io.claviger.persistence.audit.JdbcAuditEvents;
import io.claviger.persistence.audit.JdbcAuditTrail;
import io.claviger.persistence.defaults.JdbcDefaultServices;
import io.claviger.persistence.definitions.JdbcDefinitionShares;
import io.claviger.persistence.definitions.JdbcDefinitions;
import io.claviger.persistence.gateway.JdbcChangeFeed;
import io.claviger.persistence.instances.JdbcInstances;
import io.claviger.persistence.keys.JdbcEncryptionKeys;
import io.claviger.persistence.keys.JdbcNodes;
import io.claviger.persistence.keys.JdbcSealedValues;
import io.claviger.persistence.keys.JdbcUserKeys;
import io.claviger.persistence.models.JdbcModelConfigs;
import io.claviger.persistence.projects.JdbcProjectShares;
import io.claviger.persistence.projects.JdbcProjects;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.shared.JdbcObjectCounts;
import io.claviger.persistence.shared.UuidV7Ids;
import io.claviger.persistence.sharing.JdbcShares;
import io.claviger.persistence.standards.JdbcApiStandards;
import io.claviger.persistence.usage.JdbcUsageBooks;
import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The persistence ports, on PostgreSQL: for nodes, commands and in-process use alike. */
@Configuration(proxyBeanMethods = false)
class PersistenceConfiguration {
  @Bean
  Database database(Connections connections) {
    return new Database(connections.pool());
  }

  @Bean
  Transactions transactions(Database database) {
    return database.transactions();
  }

  /** One for the whole node, so that its ids only grow. */
  @Bean
  Ids ids(InstantSource clock) {
    return new UuidV7Ids(clock);
  }

  @Bean
  ChangeFeed changeFeed(Connections connections) {
    return new JdbcChangeFeed(new Database(connections.watching()));
  }

  @Bean
  AuditTrail auditTrail(Database database) {
    return new JdbcAuditTrail(database);
  }

  @Bean
  AuditEventStore auditEventStore(Database database) {
    return new JdbcAuditEvents(database);
  }

  @Bean
  UserStore userStore(Database database) {
    return new JdbcUsers(database);
  }

  @Bean
  AccessTokenStore accessTokenStore(Database database) {
    return new JdbcAccessTokens(database);
  }

  @Bean
  ApiStandardStore apiStandardStore(Database database) {
    return new JdbcApiStandards(database);
  }

  @Bean
  DefinitionStore definitionStore(Database database) {
    return new JdbcDefinitions(database);
  }

  @Bean
  ShareStore<DefinitionId> definitionShareStore(Database database) {
    return new JdbcDefinitionShares(database);
  }

  @Bean
  InstanceStore instanceStore(Database database) {
    return new JdbcInstances(database);
  }

  @Bean
  InstanceShareStore instanceShareStore(Database database) {
    return new JdbcShares(database);
  }

  @Bean
  ProjectStore projectStore(Database database) {
    return new JdbcProjects(database);
  }

  @Bean
  ShareStore<ProjectId> projectShareStore(Database database) {
    return new JdbcProjectShares(database);
  }

  @Bean
  UserKeyStore userKeyStore(Database database) {
    return new JdbcUserKeys(database);
  }

  @Bean
  DefaultServiceStore defaultServiceStore(Database database) {
    return new JdbcDefaultServices(database);
  }

  @Bean
  ModelConfigStore modelConfigStore(Database database) {
    return new JdbcModelConfigs(database);
  }

  @Bean
  EncryptionKeyStore encryptionKeyStore(Database database) {
    return new JdbcEncryptionKeys(database);
  }

  @Bean
  SealedValueStore sealedValueStore(Database database) {
    return new JdbcSealedValues(database);
  }

  @Bean
  NodeStore nodeStore(Database database) {
    return new JdbcNodes(database);
  }

  @Bean
  UsageStore usageStore(Database database) {
    return new JdbcUsageBooks(database);
  }

  @Bean
  ObjectCounts objectCounts(Database database) {
    return new JdbcObjectCounts(database);
  }
}
