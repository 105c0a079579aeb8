package io.claviger.persistence;

import io.claviger.application.accounts.out.AccessTokens;
import io.claviger.application.accounts.out.Users;
import io.claviger.application.audit.out.AuditEvents;
import io.claviger.application.defaults.out.DefaultServices;
import io.claviger.application.definitions.out.Definitions;
import io.claviger.application.gateway.out.CallFacts;
import io.claviger.application.gateway.out.Changes;
import io.claviger.application.gateway.out.PermitLeases;
import io.claviger.application.grants.out.SharesOf;
import io.claviger.application.instances.out.Instances;
import io.claviger.application.keys.out.EncryptionKeys;
import io.claviger.application.keys.out.Nodes;
import io.claviger.application.keys.out.SealedValues;
import io.claviger.application.keys.out.UserKeys;
import io.claviger.application.models.out.ModelConfigs;
import io.claviger.application.moving.out.Arrivals;
import io.claviger.application.projects.out.Projects;
import io.claviger.application.shared.out.AuditTrail;
import io.claviger.application.shared.out.Ids;
import io.claviger.application.shared.out.ObjectCounts;
import io.claviger.application.shared.out.Transactions;
import io.claviger.application.sharing.out.Shares;
import io.claviger.application.standards.out.ApiStandards;
import io.claviger.application.usage.out.UsageBooks;
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
import io.claviger.persistence.moving.MovingPersistence;
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

  public Users users() {
    return AccountsPersistence.users(database);
  }

  public AccessTokens accessTokens() {
    return AccountsPersistence.accessTokens(database);
  }

  public ApiStandards apiStandards() {
    return StandardsPersistence.apiStandards(database);
  }

  public Definitions definitions() {
    return DefinitionsPersistence.definitions(database);
  }

  /** Who was given the sight of a definition. */
  public SharesOf<DefinitionId> definitionShares() {
    return DefinitionsPersistence.shares(database);
  }

  public Instances instances() {
    return InstancesPersistence.instances(database);
  }

  public Shares shares() {
    return SharingPersistence.shares(database);
  }

  public Projects projects() {
    return ProjectsPersistence.projects(database);
  }

  /** Who is a member of a project. */
  public SharesOf<ProjectId> projectShares() {
    return ProjectsPersistence.shares(database);
  }

  public EncryptionKeys encryptionKeys() {
    return KeysPersistence.encryptionKeys(database);
  }

  public SealedValues sealedValues() {
    return KeysPersistence.sealedValues(database);
  }

  /** Which nodes there are. */
  public Nodes nodes() {
    return KeysPersistence.nodes(database);
  }

  public UserKeys userKeys() {
    return KeysPersistence.userKeys(database);
  }

  public DefaultServices defaultServices() {
    return DefaultsPersistence.defaultServices(database);
  }

  public ModelConfigs modelConfigs() {
    return ModelsPersistence.modelConfigs(database);
  }

  public AuditTrail auditTrail() {
    return AuditPersistence.auditTrail(database);
  }

  /** The same, to be read. */
  public AuditEvents auditEvents() {
    return AuditPersistence.auditEvents(database);
  }

  public CallFacts callFacts() {
    return GatewayPersistence.callFacts(database);
  }

  /**
   * @param watching hands out connections for this alone, so that it never waits for one
   */
  public Changes changes(DataSource watching) {
    return GatewayPersistence.changes(new Database(watching));
  }

  public PermitLeases permitLeases() {
    return GatewayPersistence.permitLeases(database);
  }

  public UsageBooks usageBooks() {
    return UsagePersistence.usageBooks(database);
  }

  /** What came from other databases. */
  public Arrivals arrivals() {
    return MovingPersistence.arrivals(database);
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
