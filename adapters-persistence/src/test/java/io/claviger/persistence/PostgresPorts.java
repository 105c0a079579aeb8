package io.claviger.persistence;

import io.claviger.application.accounts.port.AccessTokenStore;
import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.audit.TimeSpan;
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
import io.claviger.domain.audit.AuditEvent;
import io.claviger.domain.definitions.DefinitionId;
import io.claviger.domain.projects.ProjectId;
import io.claviger.testkit.Ports;
import io.claviger.testkit.postgres.PostgresForTests;
import io.claviger.testkit.postgres.TestDatabase;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The ports of PostgreSQL on a database of their own. */
final class PostgresPorts implements Ports, AutoCloseable {
  private final TestDatabase database;
  private final JdbcClient sql;
  private final DataSource seen;
  private final PersistenceModule module;

  PostgresPorts() {
    this(PostgresForTests.migrated("claviger", source -> new Schema(source).migrate()));
  }

  private PostgresPorts(TestDatabase database) {
    this(database, database.dataSource());
  }

  private PostgresPorts(TestDatabase database, DataSource seen) {
    this.database = database;
    this.sql = JdbcClient.create(database.dataSource());
    this.seen = seen;
    this.module = new PersistenceModule(seen, InstantSource.system());
  }

  /** The ports of the same database as others get to see it. */
  Ports through(DataSource seen) {
    return new PostgresPorts(database, seen);
  }

  /** Takes everything away but the seeds. */
  PostgresPorts emptied() {
    for (String statement :
        List.of(
            "delete from projects",
            "delete from model_configs",
            "delete from users where handle <> '_system'",
            "delete from instances",
            "delete from definitions where updated_at > '2026-01-01' or owner_handle <> '_system'",
            """
            delete from api_standards
            where handle not in ('anthropic', 'azure-openai', 'cohere', 'gemini', 'none', 'openai')
            """,
            "delete from encryption_keys",
            "delete from nodes",
            "delete from permit_leases",
            "delete from usage_daily",
            "delete from arrivals",
            "alter table audit_events disable trigger audit_events_stand",
            "delete from audit_events",
            "alter table audit_events enable always trigger audit_events_stand")) {
      int unused = sql.sql(statement).update();
    }
    return this;
  }

  /** For what no port does. */
  JdbcClient sql() {
    return sql;
  }

  DataSource dataSource() {
    return database.dataSource();
  }

  @Override
  public Transactions transactions() {
    return module.transactions();
  }

  @Override
  public Ids ids() {
    return module.ids();
  }

  @Override
  public ObjectCounts objectCounts() {
    return module.objectCounts();
  }

  @Override
  public UserStore users() {
    return module.users();
  }

  @Override
  public AccessTokenStore accessTokens() {
    return module.accessTokens();
  }

  @Override
  public ApiStandardStore apiStandards() {
    return module.apiStandards();
  }

  @Override
  public DefinitionStore definitions() {
    return module.definitions();
  }

  @Override
  public ShareStore<DefinitionId> definitionShares() {
    return module.definitionShares();
  }

  @Override
  public InstanceStore instances() {
    return module.instances();
  }

  @Override
  public InstanceShareStore shares() {
    return module.shares();
  }

  @Override
  public ProjectStore projects() {
    return module.projects();
  }

  @Override
  public ShareStore<ProjectId> projectShares() {
    return module.projectShares();
  }

  @Override
  public UserKeyStore userKeys() {
    return module.userKeys();
  }

  @Override
  public DefaultServiceStore defaultServices() {
    return module.defaultServices();
  }

  @Override
  public ModelConfigStore modelConfigs() {
    return module.modelConfigs();
  }

  @Override
  public EncryptionKeyStore encryptionKeys() {
    return module.encryptionKeys();
  }

  @Override
  public SealedValueStore sealedValues() {
    return module.sealedValues();
  }

  @Override
  public NodeStore nodes() {
    return module.nodes();
  }

  @Override
  public AuditTrail auditTrail() {
    return module.auditTrail();
  }

  @Override
  public CallContexts callFacts() {
    return module.callFacts();
  }

  @Override
  public ChangeFeed changes() {
    return module.changes(seen);
  }

  @Override
  public PermitLeases permitLeases() {
    return module.permitLeases();
  }

  @Override
  public UsageStore usageBooks() {
    return module.usageBooks();
  }

  @Override
  public AuditEventStore auditReading() {
    return module.auditEvents();
  }

  @Override
  public List<AuditEvent> auditEvents() {
    return module.auditEvents().oldest(TimeSpan.ALWAYS, Optional.empty(), Integer.MAX_VALUE);
  }

  @Override
  public void close() {
    database.close();
  }
}
