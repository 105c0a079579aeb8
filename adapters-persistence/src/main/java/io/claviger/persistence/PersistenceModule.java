package io.claviger.persistence;

import io.claviger.application.accounts.port.AccessTokenStore;
import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.audit.port.AuditEventStore;
import io.claviger.application.defaults.port.DefaultServiceStore;
import io.claviger.application.definitions.port.DefinitionStore;
import io.claviger.application.gateway.port.CallContexts;
import io.claviger.application.gateway.port.ChangeFeed;
import io.claviger.application.gateway.port.PermitLeases;
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
import io.claviger.persistence.accounts.AccountsPersistence;
import io.claviger.persistence.audit.AuditPersistence;
import io.claviger.persistence.defaults.DefaultsPersistence;
import io.claviger.persistence.definitions.DefinitionsPersistence;
import io.claviger.persistence.gateway.GatewayPersistence;
import io.claviger.persistence.instances.InstancesPersistence;
import io.claviger.persistence.keys.KeysPersistence;
import io.claviger.persistence.models.ModelsPersistence;
import io.claviger.persistence.projects.ProjectsPersistence;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.shared.UuidV7Ids;
import io.claviger.persistence.sharing.SharingPersistence;
import io.claviger.persistence.standards.StandardsPersistence;
import io.claviger.persistence.usage.UsagePersistence;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import javax.sql.DataSource;

/**
 * Builds every port that keeps things, on one PostgreSQL database. The pool stays the caller's to
 * close; its schema must be current ({@link Schema}).
 */
public final class PersistenceModule {
  private final Database database;
  private final Ids ids;

  /**
   * @param pool hands out connections in auto-commit mode whose default isolation is READ COMMITTED
   */
  public PersistenceModule(DataSource pool, InstantSource clock) {
    this.database = new Database(pool);
    this.ids = new UuidV7Ids(clock);
  }

  /** For adapters that keep tables of their own in the same database and transactions. */
  public Database database() {
    return database;
  }

  public Transactions transactions() {
    return database.transactions();
  }

  /** One for the whole node, so that its ids only grow. */
  public Ids ids() {
    return ids;
  }

  /** How many things of each kind a user has. */
  public ObjectCounts objectCounts() {
    return database.objectCounts();
  }

  public UserStore users() {
    return AccountsPersistence.users(database);
  }

  public AccessTokenStore accessTokens() {
    return AccountsPersistence.accessTokens(database);
  }

  public ApiStandardStore apiStandards() {
    return StandardsPersistence.apiStandards(database);
  }

  public DefinitionStore definitions() {
    return DefinitionsPersistence.definitions(database);
  }

  /** Who was given the sight of a definition. */
  public ShareStore<DefinitionId> definitionShares() {
    return DefinitionsPersistence.shares(database);
  }

  public InstanceStore instances() {
    return InstancesPersistence.instances(database);
  }

  public InstanceShareStore shares() {
    return SharingPersistence.shares(database);
  }

  public ProjectStore projects() {
    return ProjectsPersistence.projects(database);
  }

  /** Who is a member of a project. */
  public ShareStore<ProjectId> projectShares() {
    return ProjectsPersistence.shares(database);
  }

  public EncryptionKeyStore encryptionKeys() {
    return KeysPersistence.encryptionKeys(database);
  }

  public SealedValueStore sealedValues() {
    return KeysPersistence.sealedValues(database);
  }

  /** Which nodes there are. */
  public NodeStore nodes() {
    return KeysPersistence.nodes(database);
  }

  public UserKeyStore userKeys() {
    return KeysPersistence.userKeys(database);
  }

  public DefaultServiceStore defaultServices() {
    return DefaultsPersistence.defaultServices(database);
  }

  public ModelConfigStore modelConfigs() {
    return ModelsPersistence.modelConfigs(database);
  }

  public AuditTrail auditTrail() {
    return AuditPersistence.auditTrail(database);
  }

  /** The same, to be read. */
  public AuditEventStore auditEvents() {
    return AuditPersistence.auditEvents(database);
  }

  public CallContexts callFacts() {
    return GatewayPersistence.callFacts(database);
  }

  /**
   * @param watching hands out connections for this alone, so that it never waits for one
   */
  public ChangeFeed changes(DataSource watching) {
    return GatewayPersistence.changes(new Database(watching));
  }

  public PermitLeases permitLeases() {
    return GatewayPersistence.permitLeases(database);
  }

  public UsageStore usageBooks() {
    return UsagePersistence.usageBooks(database);
  }

  /**
   * What time it is by the database.
   *
   * @throws io.claviger.application.shared.StoreUnavailable when the database can't be reached
   */
  public Instant clock() {
    return database
        .jdbc()
        .sql("select clock_timestamp()")
        .query((row, number) -> row.getObject(1, OffsetDateTime.class).toInstant())
        .single();
  }

  /**
   * Whether the schema is what this program needs.
   *
   * @throws io.claviger.application.shared.StoreUnavailable when the database can't be reached
   */
  public boolean isSchemaCurrent() {
    return Schema.isCurrent(database.jdbc());
  }
}
