package io.claviger.persistence;

import io.claviger.application.accounts.out.AccessTokens;
import io.claviger.application.accounts.out.Users;
import io.claviger.application.audit.Span;
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
import io.claviger.application.projects.out.Projects;
import io.claviger.application.shared.out.AuditTrail;
import io.claviger.application.shared.out.Ids;
import io.claviger.application.shared.out.ObjectCounts;
import io.claviger.application.shared.out.Transactions;
import io.claviger.application.sharing.out.Shares;
import io.claviger.application.standards.out.ApiStandards;
import io.claviger.application.usage.out.UsageBooks;
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
  public Users users() {
    return module.users();
  }

  @Override
  public AccessTokens accessTokens() {
    return module.accessTokens();
  }

  @Override
  public ApiStandards apiStandards() {
    return module.apiStandards();
  }

  @Override
  public Definitions definitions() {
    return module.definitions();
  }

  @Override
  public SharesOf<DefinitionId> definitionShares() {
    return module.definitionShares();
  }

  @Override
  public Instances instances() {
    return module.instances();
  }

  @Override
  public Shares shares() {
    return module.shares();
  }

  @Override
  public Projects projects() {
    return module.projects();
  }

  @Override
  public SharesOf<ProjectId> projectShares() {
    return module.projectShares();
  }

  @Override
  public UserKeys userKeys() {
    return module.userKeys();
  }

  @Override
  public DefaultServices defaultServices() {
    return module.defaultServices();
  }

  @Override
  public ModelConfigs modelConfigs() {
    return module.modelConfigs();
  }

  @Override
  public EncryptionKeys encryptionKeys() {
    return module.encryptionKeys();
  }

  @Override
  public SealedValues sealedValues() {
    return module.sealedValues();
  }

  @Override
  public Nodes nodes() {
    return module.nodes();
  }

  @Override
  public AuditTrail auditTrail() {
    return module.auditTrail();
  }

  @Override
  public CallFacts callFacts() {
    return module.callFacts();
  }

  @Override
  public Changes changes() {
    return module.changes(seen);
  }

  @Override
  public PermitLeases permitLeases() {
    return module.permitLeases();
  }

  @Override
  public UsageBooks usageBooks() {
    return module.usageBooks();
  }

  @Override
  public AuditEvents auditReading() {
    return module.auditEvents();
  }

  @Override
  public List<AuditEvent> auditEvents() {
    return module.auditEvents().oldest(Span.ALWAYS, Optional.empty(), Integer.MAX_VALUE);
  }

  @Override
  public void close() {
    database.close();
  }
}
