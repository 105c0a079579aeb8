package io.claviger.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.accounts.port.AccessTokenStore;
import io.claviger.application.accounts.port.CredentialStore;
import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.activity.port.ActivityStore;
import io.claviger.application.audit.port.AuditEventStore;
import io.claviger.application.audit.port.AuditFilter;
import io.claviger.application.bills.port.BillReadingStore;
import io.claviger.application.bills.port.BillStore;
import io.claviger.application.budgets.port.BudgetLedger;
import io.claviger.application.connections.port.ClientSecretStore;
import io.claviger.application.connections.port.ConnectionStore;
import io.claviger.application.defaults.port.DefaultServiceStore;
import io.claviger.application.definitions.port.DefinitionStore;
import io.claviger.application.fakes.Ports;
import io.claviger.application.gateway.RevocationTimes;
import io.claviger.application.gateway.port.CallContexts;
import io.claviger.application.gateway.port.ChangeFeed;
import io.claviger.application.gateway.port.PaceLeases;
import io.claviger.application.gateway.port.PermitLeases;
import io.claviger.application.groups.port.GroupStore;
import io.claviger.application.identity.port.IdentityStore;
import io.claviger.application.identity.port.SignInStore;
import io.claviger.application.identity.port.SyncedGroupStore;
import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.instances.port.ProviderAccounts;
import io.claviger.application.instances.port.SecretChange;
import io.claviger.application.keys.port.EncryptionKeyStore;
import io.claviger.application.keys.port.NodeStore;
import io.claviger.application.keys.port.SealedValueStore;
import io.claviger.application.keys.port.UserKeyStore;
import io.claviger.application.limits.port.AssignedLimitsStore;
import io.claviger.application.models.port.ModelConfigStore;
import io.claviger.application.oauth.port.DeviceCodeStore;
import io.claviger.application.oauth.port.RefreshTokenStore;
import io.claviger.application.objects.port.StoredObjectStore;
import io.claviger.application.objects.port.StoredObjectStore.ListedObject;
import io.claviger.application.prices.port.PriceStore;
import io.claviger.application.projects.port.ProjectStore;
import io.claviger.application.providers.port.ProviderStore;
import io.claviger.application.rejectedkeys.port.RejectedKeyStore;
import io.claviger.application.requests.port.BorrowRequestStore;
import io.claviger.application.routing.port.BareNameStore;
import io.claviger.application.routing.port.ModelListStore;
import io.claviger.application.routing.port.RoutingContexts;
import io.claviger.application.scim.port.ScimGroupStore;
import io.claviger.application.scim.port.ScimTokenStore;
import io.claviger.application.scim.port.ScimUserStore;
import io.claviger.application.search.port.NameStore;
import io.claviger.application.sessions.port.SessionStore;
import io.claviger.application.shared.port.AuditTrail;
import io.claviger.application.shared.port.Ids;
import io.claviger.application.shared.port.ObjectCounts;
import io.claviger.application.shared.port.Transactions;
import io.claviger.application.shares.port.ShareStore;
import io.claviger.application.sharing.port.InstanceShareStore;
import io.claviger.application.standards.port.ApiStandardStore;
import io.claviger.application.transfers.port.MovedReferences;
import io.claviger.application.transfers.port.OwnerChanges;
import io.claviger.application.transfers.port.TransferStore;
import io.claviger.application.trusts.port.TrustStore;
import io.claviger.application.trusts.port.TrustedIssuerStore;
import io.claviger.application.usage.port.UsageStore;
import io.claviger.application.webhooks.port.WebhookStore;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.audit.AuditEvent;
import io.claviger.domain.definitions.Definition;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.projects.Project;
import io.claviger.persistence.accounts.JdbcAccessTokens;
import io.claviger.persistence.accounts.JdbcCredentials;
import io.claviger.persistence.accounts.JdbcUsers;
import io.claviger.persistence.activity.JdbcActivity;
import io.claviger.persistence.audit.JdbcAuditEvents;
import io.claviger.persistence.audit.JdbcAuditTrail;
import io.claviger.persistence.bills.JdbcBillReadings;
import io.claviger.persistence.bills.JdbcBills;
import io.claviger.persistence.budgets.JdbcBudgetLedger;
import io.claviger.persistence.connections.JdbcClientSecrets;
import io.claviger.persistence.connections.JdbcConnections;
import io.claviger.persistence.defaults.JdbcDefaultServices;
import io.claviger.persistence.definitions.JdbcDefinitions;
import io.claviger.persistence.gateway.JdbcCallContexts;
import io.claviger.persistence.gateway.JdbcChangeFeed;
import io.claviger.persistence.gateway.JdbcPaceLeases;
import io.claviger.persistence.gateway.JdbcPermitLeases;
import io.claviger.persistence.groups.JdbcGroups;
import io.claviger.persistence.identity.JdbcIdentities;
import io.claviger.persistence.identity.JdbcSignIns;
import io.claviger.persistence.identity.JdbcSyncedGroups;
import io.claviger.persistence.instances.JdbcInstances;
import io.claviger.persistence.keys.JdbcEncryptionKeys;
import io.claviger.persistence.keys.JdbcNodes;
import io.claviger.persistence.keys.JdbcSealedValues;
import io.claviger.persistence.keys.JdbcUserKeys;
import io.claviger.persistence.limits.JdbcAssignedLimits;
import io.claviger.persistence.models.JdbcModelConfigs;
import io.claviger.persistence.oauth.JdbcDeviceCodes;
import io.claviger.persistence.oauth.JdbcRefreshTokens;
import io.claviger.persistence.objects.JdbcProviderAccounts;
import io.claviger.persistence.objects.JdbcStoredObjects;
import io.claviger.persistence.prices.JdbcPrices;
import io.claviger.persistence.projects.JdbcProjects;
import io.claviger.persistence.providers.JdbcProviders;
import io.claviger.persistence.rejectedkeys.JdbcRejectedKeys;
import io.claviger.persistence.requests.JdbcBorrowRequests;
import io.claviger.persistence.routing.JdbcBareNames;
import io.claviger.persistence.routing.JdbcModelLists;
import io.claviger.persistence.routing.JdbcRoutingContexts;
import io.claviger.persistence.scim.JdbcScimGroups;
import io.claviger.persistence.scim.JdbcScimTokens;
import io.claviger.persistence.scim.JdbcScimUsers;
import io.claviger.persistence.search.JdbcNames;
import io.claviger.persistence.sessions.JdbcSessions;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.shared.JdbcObjectCounts;
import io.claviger.persistence.shared.UuidV7Ids;
import io.claviger.persistence.sharing.JdbcShares;
import io.claviger.persistence.standards.JdbcApiStandards;
import io.claviger.persistence.transfers.JdbcMovedReferences;
import io.claviger.persistence.transfers.JdbcOwnerChanges;
import io.claviger.persistence.transfers.JdbcTransfers;
import io.claviger.persistence.trusts.JdbcTrustedIssuers;
import io.claviger.persistence.trusts.JdbcTrusts;
import io.claviger.persistence.usage.JdbcUsageBooks;
import io.claviger.persistence.webhooks.JdbcWebhooks;
import io.claviger.testkit.postgres.PostgresForTests;
import io.claviger.testkit.postgres.TestDatabase;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The ports on a PostgreSQL database. */
final class PostgresPorts implements Ports, AutoCloseable {
  private final TestDatabase database;
  private final JdbcClient sql;
  private final DataSource seen;
  private final Database connected;
  private final Ids ids = new UuidV7Ids(InstantSource.system());
  private final Consumer<PostgresPorts> whenClosed;
  private boolean canBeEmptied;

  /** Returns ports with a separate database. */
  PostgresPorts() {
    this(ports -> ports.database.close());
  }

  /**
   * Returns ports with a separate database. Closing the ports runs this action instead of dropping
   * the database.
   */
  PostgresPorts(Consumer<PostgresPorts> whenClosed) {
    this(
        PostgresForTests.migrated("claviger", source -> new Schema(source).migrate()).connected(),
        whenClosed);
  }

  private PostgresPorts(TestDatabase database, Consumer<PostgresPorts> whenClosed) {
    this(database, database.dataSource(), whenClosed);
  }

  PostgresPorts(TestDatabase database, DataSource seen) {
    this(database, seen, ports -> ports.database.close());
  }

  private PostgresPorts(
      TestDatabase database, DataSource seen, Consumer<PostgresPorts> whenClosed) {
    this.database = database;
    this.sql = JdbcClient.create(database.dataSource());
    this.seen = seen;
    this.connected = new Database(seen);
    this.whenClosed = whenClosed;
  }

  /** The ports of the same database as others get to see it. */
  PostgresPorts through(DataSource seen) {
    return new PostgresPorts(database, seen);
  }

  /** Opens the connections that were idle for so long that the pool has closed them. */
  PostgresPorts reconnected() {
    TestDatabase unused = database.connected();
    return this;
  }

  /** Deletes everything except the seeds. */
  PostgresPorts emptied() {
    if (!canBeEmptied) {
      EmptiedDatabases.prepare(sql);
      canBeEmptied = true;
    }
    EmptiedDatabases.empty(sql);
    return this;
  }

  User stored(User user) {
    users().insert(user);
    return user;
  }

  /** Empties the database, and stores its first user. */
  User storedFirst(User user) {
    assertThat(emptied().users().isEmpty()).isTrue();
    return stored(user);
  }

  Instance stored(Instance instance) {
    instances().insert(instance, new SecretChange.Keep(), new SecretChange.Keep());
    return instance;
  }

  /** Deletes a user as the use case does, who locks them first. */
  void deleteLocked(User user) {
    User unused =
        transactions()
            .inTransaction(
                () -> {
                  User locked = users().lock(user.handle()).orElseThrow();
                  users().delete(locked.id());
                  return locked;
                });
  }

  /** What is stored at the provider with a service, the latest first. */
  List<ListedObject> storedObjects(Instance service, Optional<Handle> maker) {
    return new JdbcStoredObjects(connected)
        .list(
            new StoredObjectStore.Question(
                Optional.of(service.id()),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                maker),
            Optional.empty(),
            100,
            Instant.now());
  }

  /** For stores that are no part of these ports. */
  Database database() {
    return connected;
  }

  /** For statements that no port executes. */
  JdbcClient sql() {
    return sql;
  }

  /** Returns how many minutes before March the rows in these states ended, the latest first. */
  List<Integer> endedBeforeMarch(String table, String states) {
    return sql.sql(
            """
            select cast(extract(epoch from timestamptz '2026-03-01Z' - ended_at) / 60 as integer)
            from %s
            where ended_at is not null and %s
            order by 1
            """
                .formatted(table, states))
        .query(Integer.class)
        .list();
  }

  /** Returns how often the database had to break a deadlock. */
  long deadlocks() {
    return sql.sql("select deadlocks from pg_stat_database where datname = current_database()")
        .query(Long.class)
        .single();
  }

  DataSource dataSource() {
    return database.dataSource();
  }

  String jdbcUrl() {
    return database.jdbcUrl();
  }

  @Override
  public BorrowRequestStore borrowRequests() {
    return new JdbcBorrowRequests(connected);
  }

  TransferStore transfers() {
    return new JdbcTransfers(connected);
  }

  @Override
  public OwnerChanges ownerChanges() {
    return new JdbcOwnerChanges(connected);
  }

  @Override
  public MovedReferences movedReferences() {
    return new JdbcMovedReferences(connected);
  }

  @Override
  public Transactions transactions() {
    return connected.transactions();
  }

  @Override
  public Ids ids() {
    return ids;
  }

  @Override
  public ObjectCounts objectCounts() {
    return new JdbcObjectCounts(connected);
  }

  @Override
  public TrustedIssuerStore trustedIssuers() {
    return new JdbcTrustedIssuers(connected);
  }

  @Override
  public WebhookStore webhooks() {
    return new JdbcWebhooks(connected);
  }

  @Override
  public ConnectionStore connections() {
    return new JdbcConnections(connected);
  }

  @Override
  public ClientSecretStore clientSecrets() {
    return new JdbcClientSecrets(connected);
  }

  @Override
  public ActivityStore activity() {
    return new JdbcActivity(connected);
  }

  @Override
  public RejectedKeyStore rejectedKeys() {
    return new JdbcRejectedKeys(connected);
  }

  @Override
  public TrustStore trusts() {
    return new JdbcTrusts(connected);
  }

  @Override
  public UserStore users() {
    return new JdbcUsers(connected);
  }

  @Override
  public AssignedLimitsStore assignedLimits() {
    return new JdbcAssignedLimits(connected);
  }

  @Override
  public GroupStore groups() {
    return new JdbcGroups(connected);
  }

  @Override
  public NameStore names() {
    return new JdbcNames(connected);
  }

  @Override
  public SessionStore sessions() {
    return new JdbcSessions(connected);
  }

  @Override
  public ScimTokenStore scimTokens() {
    return new JdbcScimTokens(connected);
  }

  @Override
  public ScimUserStore scimUsers() {
    return new JdbcScimUsers(connected);
  }

  @Override
  public ScimGroupStore scimGroups() {
    return new JdbcScimGroups(connected);
  }

  @Override
  public SyncedGroupStore syncedGroups() {
    return new JdbcSyncedGroups(connected, ids);
  }

  @Override
  public IdentityStore identities() {
    return new JdbcIdentities(connected);
  }

  @Override
  public CredentialStore credentials() {
    return new JdbcCredentials(connected);
  }

  @Override
  public SignInStore signIns() {
    return new JdbcSignIns(connected);
  }

  @Override
  public AccessTokenStore accessTokens() {
    return new JdbcAccessTokens(connected);
  }

  @Override
  public ProviderStore providers() {
    return new JdbcProviders(connected);
  }

  @Override
  public ApiStandardStore apiStandards() {
    return new JdbcApiStandards(connected);
  }

  @Override
  public DefinitionStore definitions() {
    return new JdbcDefinitions(connected);
  }

  @Override
  public ShareStore<Definition.Id> definitionShares() {
    return JdbcShares.ofDefinitions(connected);
  }

  @Override
  public InstanceStore instances() {
    return new JdbcInstances(connected);
  }

  @Override
  public InstanceShareStore shares() {
    return JdbcShares.ofInstances(connected);
  }

  @Override
  public ProjectStore projects() {
    return new JdbcProjects(connected);
  }

  @Override
  public ShareStore<Project.Id> projectShares() {
    return JdbcShares.ofProjects(connected);
  }

  @Override
  public ProviderAccounts providerAccounts() {
    return new JdbcProviderAccounts(connected);
  }

  @Override
  public UserKeyStore userKeys() {
    return new JdbcUserKeys(connected);
  }

  @Override
  public DefaultServiceStore defaultServices() {
    return new JdbcDefaultServices(connected);
  }

  @Override
  public ModelConfigStore modelConfigs() {
    return new JdbcModelConfigs(connected);
  }

  @Override
  public EncryptionKeyStore encryptionKeys() {
    return new JdbcEncryptionKeys(connected);
  }

  @Override
  public SealedValueStore sealedValues() {
    return new JdbcSealedValues(connected);
  }

  @Override
  public NodeStore nodes() {
    return new JdbcNodes(connected);
  }

  @Override
  public AuditTrail auditTrail() {
    return JdbcAuditTrail.ofAnyTime(connected);
  }

  @Override
  public CallContexts callContexts() {
    return new JdbcCallContexts(connected);
  }

  @Override
  public RoutingContexts routingContexts() {
    return new JdbcRoutingContexts(connected);
  }

  @Override
  public BareNameStore bareNames() {
    return new JdbcBareNames(connected);
  }

  @Override
  public DeviceCodeStore deviceCodes() {
    return new JdbcDeviceCodes(connected);
  }

  @Override
  public RefreshTokenStore refreshTokens() {
    return new JdbcRefreshTokens(connected);
  }

  @Override
  public ModelListStore modelLists() {
    return new JdbcModelLists(connected);
  }

  @Override
  public ChangeFeed changes() {
    return changesMeasuredBy(new RevocationTimes(System::nanoTime));
  }

  /** Returns a change feed that measures the times of revocations with {@code times}. */
  public ChangeFeed changesMeasuredBy(RevocationTimes times) {
    return new JdbcChangeFeed(new Database(seen), times, () -> {});
  }

  @Override
  public PermitLeases permitLeases() {
    return new JdbcPermitLeases(connected);
  }

  @Override
  public PaceLeases paceLeases() {
    return new JdbcPaceLeases(connected);
  }

  @Override
  public BudgetLedger budgetLedger() {
    return new JdbcBudgetLedger(connected);
  }

  @Override
  public PriceStore prices() {
    return new JdbcPrices(connected);
  }

  @Override
  public BillReadingStore billReadings() {
    return new JdbcBillReadings(connected);
  }

  @Override
  public BillStore bills() {
    return new JdbcBills(connected);
  }

  @Override
  public UsageStore usage() {
    return new JdbcUsageBooks(connected);
  }

  @Override
  public AuditEventStore auditEventStore() {
    return new JdbcAuditEvents(connected);
  }

  @Override
  public List<AuditEvent> auditEvents() {
    List<AuditEvent> newest = new ArrayList<>();
    auditEventStore()
        .newest(
            Optional.empty(), AuditFilter.NONE, Optional.empty(), Integer.MAX_VALUE, newest::add);
    return newest.reversed();
  }

  @Override
  public void close() {
    whenClosed.accept(this);
  }
}
