package io.claviger.bootstrap.database;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import io.claviger.bootstrap.settings.DatabaseSettings;
import io.claviger.bootstrap.settings.RetentionSettings;
import io.claviger.bootstrap.settings.Settings;
import io.claviger.custody.Keyring;
import io.claviger.embeddedpostgres.EmbeddedDatabase;
import io.claviger.embeddedpostgres.LoginAttempt;
import io.claviger.host.DataDirectory;
import io.claviger.host.DatabaseAddress;
import io.claviger.host.StartRefused;
import io.claviger.persistence.ConnectionRoute;
import io.claviger.persistence.Schema;
import io.claviger.wiring.Connections;
import io.claviger.wiring.OperatorSecrets;
import io.claviger.wiring.node.SchemaAtStart;
import io.claviger.wiring.upkeep.PatientTurn;
import io.claviger.wiring.upkeep.Upkeep;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The configured database, which is the operator's own database or the embedded database. The
 * database's connection pools are opened when they are needed, and closed together with the
 * database.
 */
public final class ConnectedDatabase implements AutoCloseable {
  /** The message for operators who have stated only the address of a pooler. */
  public static final String UNSTATED_POOLER =
      "DATABASE_URL seems to lead to a connection pooler such as PgBouncer: set"
          + " CLAVIGER_DIRECT_DATABASE_URL to an address of the same database that bypasses the"
          + " pooler";

  /** The message for operators who have stated only the address of a pooler in transaction mode. */
  public static final String SHARED_SESSIONS =
      "DATABASE_URL leads to a pooler that uses another connection for each transaction, such as"
          + " PgBouncer in transaction mode: set CLAVIGER_DIRECT_DATABASE_URL to an address of the"
          + " same database that bypasses the pooler";

  private static final Logger LOG = LoggerFactory.getLogger(ConnectedDatabase.class);

  /**
   * How many consecutive attempts to remove old months may fail because the tables are in use.
   * After more failures, the task counts as failed. So many attempts last 12 hours, because a
   * backup might read the tables for so long.
   */
  private static final int MOST_CONFLICTS = 720;

  /**
   * The minimum number of connections in a command's pool, even if the nodes' pools have fewer
   * connections. Two connections are needed at the same time to read the history of migrations.
   */
  private static final int LEAST_FOR_COMMANDS = 2;

  private final Optional<EmbeddedDatabase> embedded;
  private final DatabaseAddress address;
  private final DatabaseAddress direct;
  private final boolean pooled;
  private final DatabaseAddress forMigrations;
  private final int poolSize;
  private final Set<DatabaseAddress> checked = new HashSet<>();
  private final List<HikariDataSource> opened = new ArrayList<>();
  private Optional<HikariDataSource> pool = Optional.empty();

  private ConnectedDatabase(
      Optional<EmbeddedDatabase> embedded, DatabaseSettings settings, int poolSize) {
    this.embedded = embedded;
    this.address = embedded.map(EmbeddedDatabase::address).or(settings::given).orElseThrow();
    this.direct = settings.direct().orElse(address);
    this.pooled = settings.direct().isPresent();
    this.forMigrations = settings.forMigrations().orElse(direct);
    this.poolSize = poolSize;
    try {
      checked.add(LoginAttempt.checked(address));
    } catch (RuntimeException e) {
      embedded.ifPresent(EmbeddedDatabase::close);
      throw e;
    }
  }

  /**
   * Connects to the database for a process that will serve callers.
   *
   * @throws StartRefused if the database can't be used
   */
  public static ConnectedDatabase toServe(Settings settings) {
    return new ConnectedDatabase(
        data(settings).map(EmbeddedDatabase::toServe),
        settings.database(),
        settings.database().poolSize());
  }

  /**
   * Connects a command to a database that a node has already used. The command must not create an
   * embedded database, because the database would be empty and without an encryption key, so that
   * no node could use it later.
   *
   * @throws StartRefused if there is no database yet, or if the database can't be used
   */
  public static ConnectedDatabase toJoin(Settings settings) {
    if (settings.database().given().isEmpty()
        && !EmbeddedDatabase.existsIn(settings.dataDirectory())) {
      throw new StartRefused(
          "there is no database in %s yet: `serve` creates it; for another one, set CLAVIGER_DATA_DIR or DATABASE_URL"
              .formatted(settings.dataDirectory()));
    }
    return toCreateOrJoin(settings);
  }

  /**
   * Connects a command that might be the database's first program. For an embedded database, the
   * command has already stored the encryption key.
   *
   * @throws StartRefused if the database can't be used
   */
  public static ConnectedDatabase toCreateOrJoin(Settings settings) {
    return new ConnectedDatabase(
        data(settings).map(EmbeddedDatabase::toJoin),
        settings.database(),
        Math.max(LEAST_FOR_COMMANDS, settings.database().poolSize()));
  }

  /** Returns the data directory; empty if there is no embedded database. */
  public static Optional<DataDirectory> data(Settings settings) {
    return settings.database().given().isPresent()
        ? Optional.empty()
        : Optional.of(DataDirectory.open(settings.dataDirectory()));
  }

  /**
   * Returns the database's address. The first call of this method checks that the database can be
   * used.
   */
  private synchronized DatabaseAddress checked(DatabaseAddress used) {
    if (!checked.contains(used)) {
      checked.add(LoginAttempt.checked(used));
    }
    return used;
  }

  public synchronized HikariDataSource pool() {
    if (pool.isEmpty()) {
      pool = Optional.of(opened(DataSources.pool(address, poolSize, pooled)));
    }
    return pool.get();
  }

  /**
   * Opens the connections of a serving node. The connections are a pool, a second pool for gateway
   * calls, and a single connection that bypasses any pooler and watches for changes.
   *
   * @throws StartRefused if the database can't be used, or if the watching connection leads to
   *     another database
   */
  public synchronized Connections connections() {
    HikariDataSource calls = opened(DataSources.calls(address, poolSize, pooled));
    HikariDataSource watching = opened(DataSources.watching(checked(direct)));
    if (pooled) {
      requireSame(calls, watching, DatabaseSettings.DIRECT);
    }
    return new Connections(pool(), calls, watching, () -> renew(pool(), calls));
  }

  private static void requireSame(DataSource service, DataSource other, String variable) {
    if (!ConnectionRoute.isSameDatabase(service, other)) {
      throw new StartRefused("DATABASE_URL and %s lead to two databases".formatted(variable));
    }
  }

  /** Closes idle connections now, and closes connections in use when they are returned. */
  private static void renew(HikariDataSource... pools) {
    for (HikariDataSource each : pools) {
      HikariPoolMXBean connections = each.getHikariPoolMXBean();
      if (connections != null) {
        connections.softEvictConnections();
      }
    }
  }

  /** Returns all open pools, for metrics about them. */
  public synchronized List<HikariDataSource> pools() {
    return List.copyOf(opened);
  }

  private HikariDataSource opened(HikariDataSource source) {
    opened.add(source);
    return source;
  }

  /** Creates a pool for slow statements. The caller has to close the pool. */
  public HikariDataSource patient(int size) {
    return DataSources.patient(checked(direct), size);
  }

  /**
   * Returns the address for connections as the schema's owner. The result is the address that the
   * operator has stated for the owner. If there is no such address, it is the address at which the
   * program itself reaches the database without a pooler.
   */
  DatabaseAddress forMigrations() {
    return forMigrations;
  }

  /**
   * Migrates the schema for a command that can run without encryption keys. If the operator named
   * different roles for the owner and for the pool, the connection uses the owner's role.
   *
   * @param given the function that returns the command's encryption keys; empty if the command has
   *     none. The function is called only if an upgrade depends on the keys
   * @param lost whether the command is for lost keys, so that recorded keys are allowed to be
   *     missing
   * @throws StartRefused if the database can't be used, or if its schema would have to be upgraded
   *     and the keys do not match the recorded keys
   */
  public void migrateForCommand(Supplier<Optional<Keyring>> given, boolean lost) {
    migrate(schema -> SchemaAtStart.migrateForCommand(schema, given, lost));
  }

  /**
   * Migrates the schema for a node, or for a command that seals values. If the encryption keys do
   * not match the recorded keys, nothing is changed.
   *
   * @throws StartRefused if the database or the encryption keys can't be used
   */
  public void migrate(OperatorSecrets secrets) {
    migrate(schema -> SchemaAtStart.migrate(schema, secrets));
  }

  private void migrate(Consumer<Schema> migration) {
    if (!pooled && ConnectionRoute.isBehindPooler(pool())) {
      if (sharesSessions()) {
        throw new StartRefused(SHARED_SESSIONS);
      }
      LOG.warn(UNSTATED_POOLER);
    }
    try (HikariDataSource owner = DataSources.patient(checked(forMigrations), 2)) {
      if (!forMigrations.equals(address)) {
        requireSame(
            pool(),
            owner,
            forMigrations.equals(direct) ? DatabaseSettings.DIRECT : DatabaseSettings.OWNERS);
      }
      migration.accept(new Schema(owner));
    }
    SchemaAtStart.requireFound(new Schema(pool()));
  }

  /**
   * Returns whether {@code DATABASE_URL} leads to a pooler that uses another connection for each
   * transaction.
   */
  public boolean sharesSessions() {
    try (HikariDataSource two = DataSources.pool(address, 2, true)) {
      return ConnectionRoute.sharesSessions(two);
    }
  }

  /**
   * Returns the task that removes old months of usage and of the audit trail, if the operator or
   * administrators want this. The task has to run repeatedly.
   */
  public Upkeep.Turn retention(RetentionSettings settings) {
    return new PatientTurn(
        new OwnersRetention(
            this::pool,
            () -> DataSources.removing(LoginAttempt.checked(forMigrations)),
            settings.bounds(),
            InstantSource.system()),
        MOST_CONFLICTS,
        System::nanoTime);
  }

  /**
   * Returns the addresses on this machine on which the database is known to listen. The embedded
   * database always listens on this machine.
   */
  public List<InetSocketAddress> localAddresses() {
    return Stream.of(address, direct, forMigrations)
        .flatMap(each -> each.localPorts().stream())
        .distinct()
        .map(port -> new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
        .toList();
  }

  /**
   * Returns a future that completes, with the reason, when the embedded server has ended although
   * it is in use. The future never completes for an operator's own database, because such a
   * database might become available again.
   */
  public CompletableFuture<String> failure() {
    return embedded
        .map(server -> server.ended().thenApply(ended -> "the embedded PostgreSQL has ended"))
        .orElseGet(CompletableFuture::new);
  }

  /** Closes the pools, and then releases the embedded server. */
  @Override
  public void close() {
    pools().forEach(HikariDataSource::close);
    embedded.ifPresent(EmbeddedDatabase::close);
  }
}
