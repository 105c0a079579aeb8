package io.claviger.persistence;

import io.claviger.application.shared.StoreUnavailable;
import io.claviger.persistence.shared.Database;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.CoreErrorCode;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationInfoService;
import org.flywaydb.core.api.callback.BaseCallback;
import org.flywaydb.core.api.callback.Context;
import org.flywaydb.core.api.callback.Event;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Claviger's tables in one schema of a database. Migrations create the tables. Each migration runs
 * once in each schema. A released migration never changes.
 */
public final class Schema {
  /** The version of this program's last migration. */
  static final String NEWEST = RecordedMigration.ofThisProgram().getLast().version();

  private static final Logger LOG = LoggerFactory.getLogger(Schema.class);

  private static final int OLDEST_POSTGRESQL = 15;

  /**
   * How long a node waits for another node that is creating the tables. Creating the tables takes a
   * few seconds.
   */
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  /**
   * The time for which a starting node retries a migration that can't lock a table. Other
   * transactions, such as a backup, might use the table for a long time. A node waits equally long
   * for another node to finish its migrations.
   */
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(10);

  /**
   * The pause before a migration is retried. During the pause, calls can use the table that the
   * migration has to lock.
   */
  private static final Duration PAUSE = Duration.ofSeconds(2);

  /** The SQLSTATEs of a migration that could not get a lock, and might succeed later. */
  private static final Set<String> LOCKED = Set.of("55P03", "40P01");

  /** The SQLSTATEs of a query whose table does not exist, or may not be read. */
  private static final Set<String> NO_TABLE_TO_READ = Set.of("42P01", "42501");

  private static final int MOST_NAMED = 10;

  private final DataSource dataSource;
  private final SchemaName name;

  /**
   * The schema {@code public}.
   *
   * @param dataSource the source of connections to the database; for {@link #migrate}, the role of
   *     its connections must be allowed to create tables
   */
  public Schema(DataSource dataSource) {
    this(dataSource, SchemaName.PUBLIC);
  }

  /**
   * Creates an object for the schema with the given name. If the schema does not exist yet, {@link
   * #migrate} creates it.
   *
   * @param dataSource the source of connections to the database; for {@link #migrate}, the role of
   *     its connections must be allowed to create tables in the schema, and to create a missing
   *     schema
   */
  public Schema(DataSource dataSource, SchemaName name) {
    this.dataSource = dataSource;
    this.name = name;
  }

  /** Returns a source of connections whose search path contains this schema. */
  public DataSource connections() {
    return name.equals(SchemaName.PUBLIC) ? dataSource : new SchemaConnections(dataSource, name);
  }

  /**
   * Runs all missing migrations in the database, and adds missing {@link DeclaredNames}. Nodes that
   * start at the same time wait for each other.
   *
   * @throws UnsuitableDatabase if a newer version of Claviger has changed the database, if the
   *     schema contains another program's tables, if the role may not create tables, if statements
   *     would find other tables of the same names, or if PostgreSQL is older than 15
   * @throws StoreUnavailable if the database can't be reached
   */
  public void migrate() {
    migrate(LONGEST_WAIT);
  }

  /**
   * @param longestWait the maximum time to wait for transactions that use the tables
   */
  void migrate(Duration longestWait) {
    requireSupportedServer();
    createIfMissing();
    requireSearched();
    requireNoNewerNames();
    runMissing(longestWait);
    requireNotHidden();
    addMissingNames();
  }

  /**
   * Checks that statements find this schema's tables and functions. The result depends on the
   * search path of the given connections only for the schema {@code public}. For any other schema,
   * Claviger itself sets the search path.
   *
   * @throws UnsuitableDatabase if the search path leaves out the schema, or finds tables or
   *     functions of the same names in another schema first
   */
  public void requireFound() {
    requireSearched();
    requireNotHidden();
  }

  private void runMissing(Duration longestWait) {
    if (isUpToDate()) {
      return;
    }
    createIfEmpty();
    if (isUpToDate()) {
      return;
    }
    try {
      MigrationInfoService info = flyway().info();
      requireNotNewer(info.applied());
      if (info.pending().length > 0) {
        requireRightToCreate();
      }
      runPending(longestWait);
    } catch (FlywayException e) {
      throw refused(e);
    }
  }

  /**
   * Refuses names of a newer program before any migration runs. A correction of an older version
   * may have a migration that the newer version does not know, so that neither version could use
   * the database after this migration.
   */
  private void requireNoNewerNames() {
    if (names().filter(DeclaredNames::areNewer).isPresent()) {
      throw changedByNewer();
    }
  }

  /** Does nothing to the database if a newer program has added names in the meantime. */
  private void addMissingNames() {
    DeclaredNames names = names().orElseThrow(this::unreadable);
    if (names.areNewer()) {
      throw changedByNewer();
    }
    if (!names.areMissing()) {
      return;
    }
    if (!mayAddNames()) {
      throw new UnsuitableDatabase(
          "the schema is not current, and this role may not change the tables in schema " + name);
    }
    DeclaredNames.add(new Database(connections()));
  }

  private Optional<DeclaredNames> names() {
    return DeclaredNames.in(new Database(connections()), name);
  }

  private boolean mayAddNames() {
    return DeclaredNames.mayBeAdded(new Database(connections()), name);
  }

  /**
   * Runs the pending migrations. If a migration can't lock a table soon, the migration is rolled
   * back and retried after a pause.
   */
  private void runPending(Duration longestWait) {
    long begun = System.nanoTime();
    List<String> named = List.of();
    while (true) {
      try {
        Object unused = flyway().migrate();
        return;
      } catch (FlywayException e) {
        if (!isLocked(e)) {
          throw e;
        }
        List<String> inTheWay = transactionsThatLast();
        if (System.nanoTime() - begun > longestWait.toNanos()
            || Thread.currentThread().isInterrupted()) {
          throw new UnsuitableDatabase(inUse(inTheWay), e);
        }
        if (!inTheWay.isEmpty() && !inTheWay.equals(named)) {
          LOG.warn(
              "the upgrade of the schema waits for transactions that use its tables: {}",
              String.join(", ", inTheWay));
          named = inTheWay;
        }
      }
    }
  }

  private static boolean isLocked(FlywayException e) {
    return Stream.<Throwable>iterate(e, Objects::nonNull, Throwable::getCause)
        .anyMatch(cause -> cause instanceof SQLException sql && LOCKED.contains(sql.getSQLState()));
  }

  private static String inUse(List<String> transactions) {
    return transactions.isEmpty()
        ? "the schema can't be brought up to date, because its tables are always in use: start"
            + " again when there are fewer calls"
        : "the schema can't be brought up to date while long transactions use its tables: end %s,"
                .formatted(String.join(", ", transactions))
            + " and start again";
  }

  /** Pauses, and returns the transactions that used the tables both before and after the pause. */
  private List<String> transactionsThatLast() {
    Map<String, String> before = transactions();
    LockSupport.parkNanos(PAUSE.toNanos());
    Map<String, String> after = transactions();
    return before.entrySet().stream()
        .filter(each -> after.containsKey(each.getKey()))
        .map(Map.Entry::getValue)
        .limit(MOST_NAMED)
        .toList();
  }

  /**
   * Returns the transactions that have locked tables of the schema, each with a description. The
   * query reads only columns that every role can see for all sessions.
   */
  private Map<String, String> transactions() {
    Map<String, String> described = new TreeMap<>();
    JdbcClient.create(dataSource)
        .sql(
            """
            select l.virtualtransaction,
              case when l.pid is null then 'a prepared transaction'
                else concat('process ', l.pid, ' of the database',
                  ' (' || nullif(min(a.application_name), '') || ')') end as description
            from pg_locks l
            join pg_class c on c.oid = l.relation
            left join pg_stat_activity a on a.pid = l.pid
            where l.locktype = 'relation' and l.granted
              and l.database = (select oid from pg_database where datname = current_database())
              and c.relnamespace = cast(:schema as regnamespace)
              and l.pid is distinct from pg_backend_pid()
            group by l.virtualtransaction, l.pid
            """)
        .param("schema", name.value())
        .query(
            row -> {
              described.put(row.getString("virtualtransaction"), row.getString("description"));
            });
    return described;
  }

  private boolean isUpToDate() {
    return RecordedMigration.in(connections()).equals(RecordedMigration.ofThisProgram());
  }

  /**
   * If the schema is empty, runs all migrations without Flyway. If a migration fails, {@link
   * #migrate} continues with Flyway, which runs the missing migrations or reports the problem.
   */
  private void createIfEmpty() {
    if (!mayCreate()) {
      return;
    }
    try {
      new NewSchema(connections(), name).create(PATIENCE);
    } catch (SQLException | IOException e) {
      LOG.debug("not all migrations of a new schema were run; Flyway runs the rest", e);
    }
  }

  /** Returns a Flyway object that can run the migrations which are missing in the schema. */
  Flyway flyway() {
    return Flyway.configure(MigrationFiles.loader())
        .dataSource(connections())
        .locations("classpath:" + MigrationFiles.DIRECTORY)
        .defaultSchema(name.value())
        .createSchemas(false)
        .placeholderReplacement(false)
        .lockRetryCount(Math.toIntExact(LONGEST_WAIT.toSeconds()))
        .callbacks(new BoundedLocks())
        .load();
  }

  /** How the tables in a database compare with the tables that this program needs. */
  public enum State {
    CURRENT,
    /** The database contains no tables yet. */
    EMPTY,
    /** Some of this program's migrations or {@link DeclaredNames} are missing. */
    BEHIND,
    /**
     * A newer version of Claviger has run migrations, or added names, that this program does not
     * know.
     */
    AHEAD,
    /** The schema contains another program's tables. */
    FOREIGN;

    /** Whether the next start of a node runs migrations, or only adds {@link DeclaredNames}. */
    public boolean isMigratedAtStart() {
      return this == EMPTY || this == BEHIND;
    }
  }

  /**
   * Reads the state of the database without changing anything. If this data source's role may not
   * read the {@link DeclaredNames}, the state depends only on the migrations.
   *
   * @throws StoreUnavailable if the database can't be reached
   */
  public State state() {
    try {
      MigrationInfoService info = flyway().info();
      if (info.applied().length == 0) {
        return hasTables() ? State.FOREIGN : State.EMPTY;
      }
      Optional<DeclaredNames> names = names();
      if (isFromNewer(info.applied()) || names.filter(DeclaredNames::areNewer).isPresent()) {
        return State.AHEAD;
      }
      return info.pending().length > 0 || names.filter(DeclaredNames::areMissing).isPresent()
          ? State.BEHIND
          : State.CURRENT;
    } catch (FlywayException e) {
      throw Database.unavailable(e);
    }
  }

  /**
   * Checks that this data source's role may read the table of the encryption keys, if this table
   * exists.
   *
   * @throws UnsuitableDatabase if the role may not use the schema, or may not read the table
   */
  public void requireReadable() {
    requireUsable();
    boolean readable =
        holds(
            """
                select coalesce(
                  (select has_table_privilege(c.oid, 'select')
                    from pg_class c join pg_namespace n on n.oid = c.relnamespace
                    where n.nspname = :schema and c.relname = 'encryption_keys'),
                  true)
                """);
    if (!readable) {
      throw unreadable();
    }
  }

  private UnsuitableDatabase unreadable() {
    return new UnsuitableDatabase(
        "this role may not read the tables of schema %s: connect as the role that owns them"
            .formatted(name));
  }

  /**
   * Returns whether the schema has the table of the encryption keys, even if an older version of
   * this program created the schema.
   */
  public boolean recordsEncryptionKeys() {
    return holds(
        """
            select count(*) = 2 from pg_tables
            where schemaname = :schema and tablename in ('encryption_keys', 'flyway_schema_history')
            """);
  }

  /**
   * Returns whether this data source's role may do what the next start does: create tables and
   * change existing tables, or only add {@link DeclaredNames}, if no migration is missing.
   */
  public boolean mayMigrate() {
    return isUpToDate() ? mayAddNames() : mayCreate() && ownsTables();
  }

  /** Returns whether this data source's role may change and drop the existing tables. */
  public boolean ownsTables() {
    return holds(
        """
            select not exists (
              select from pg_class
              where relnamespace = cast(:schema as regnamespace) and relkind in ('r', 'p')
                and not pg_has_role(relowner, 'usage'))
            """);
  }

  /**
   * Returns the tables on which this data source's role lacks a privilege. Only privileges that are
   * needed for serving requests are checked. On {@code audit_events}, serving needs only {@code
   * select} and {@code insert}. On {@code audit_turn}, serving needs only {@code select} and {@code
   * update}, because the nodes only lock its row in order to take turns. On {@code audit_unsealed},
   * {@code audit_older}, {@code access_spans} and {@code access_known}, serving needs only {@code
   * select}.
   */
  public List<String> tablesOutOfReach() {
    return JdbcClient.create(dataSource)
        .sql(
            """
            select c.relname from pg_class c
            where c.relnamespace = cast(:schema as regnamespace) and c.relkind in ('r', 'p')
              and not c.relispartition and c.relname <> 'flyway_schema_history'
              and not (
                has_table_privilege(c.oid, 'select')
                and (c.relname in (
                    'access_spans', 'access_known', 'audit_unsealed', 'audit_older', 'audit_turn')
                  or has_table_privilege(c.oid, 'insert'))
                and (c.relname in (
                    'access_spans', 'access_known', 'audit_unsealed', 'audit_older', 'audit_events')
                  or has_table_privilege(c.oid, 'update'))
                and (c.relname in (
                    'access_spans', 'access_known', 'audit_unsealed', 'audit_older', 'audit_turn',
                    'audit_events')
                  or has_table_privilege(c.oid, 'delete')))
            order by 1
            """)
        .param("schema", name.value())
        .query((row, number) -> String.valueOf(row.getString("relname")))
        .list();
  }

  private boolean mayCreate() {
    return holds("select has_schema_privilege(:schema, 'create')");
  }

  private boolean hasTables() {
    return holds("select exists (select from pg_tables where schemaname = :schema)");
  }

  /**
   * Returns whether the database has run all migrations of this program. A newer program might have
   * run further migrations. The {@link DeclaredNames} do not count: {@link #migrate} has added
   * them, and an administrator of an older node might since have deleted a provider that the older
   * program does not declare, while nodes that already serve go on without it.
   *
   * @throws io.claviger.application.shared.StoreUnavailable if the database can't be reached
   */
  public static boolean isCurrent(Database database) {
    try {
      return database
          .jdbc()
          .sql(
              """
              select exists (
                select from flyway_schema_history where version = :newest and success)
              """)
          .param("newest", NEWEST)
          .query(Boolean.class)
          .single();
    } catch (StoreUnavailable e) {
      if (e.getCause() instanceof SQLException told
          && NO_TABLE_TO_READ.contains(String.valueOf(told.getSQLState()))) {
        return false;
      }
      throw e;
    }
  }

  private void requireSupportedServer() {
    try (Connection connection = dataSource.getConnection()) {
      int version = connection.getMetaData().getDatabaseMajorVersion();
      if (version < OLDEST_POSTGRESQL) {
        throw new UnsuitableDatabase(
            "Claviger needs PostgreSQL " + OLDEST_POSTGRESQL + " or newer; this is " + version);
      }
    } catch (SQLException e) {
      throw Database.unavailable(e);
    }
  }

  private void createIfMissing() {
    if (exists()) {
      return;
    }
    if (!mayCreateSchemas()) {
      throw new UnsuitableDatabase(
          "schema " + name + " does not exist, and this role may not create it");
    }
    try {
      Database.update(
          JdbcClient.create(dataSource).sql("create schema if not exists " + name.quoted()));
    } catch (DuplicateKeyException e) {
      return; // another node has created it at the same time
    }
  }

  private boolean mayCreateSchemas() {
    return JdbcClient.create(dataSource)
        .sql("select has_database_privilege(current_database(), 'create')")
        .query(Boolean.class)
        .single();
  }

  /**
   * Requires that the role may use the schema. Without this right, statements would not find the
   * schema's tables.
   */
  private void requireUsable() {
    boolean usable =
        holds(
            """
                select coalesce(
                  (select has_schema_privilege(oid, 'usage') from pg_namespace
                    where nspname = :schema),
                  true)
                """);
    if (!usable) {
      throw new UnsuitableDatabase(
          "this role may not use schema %s: grant it USAGE on the schema".formatted(name));
    }
  }

  private void requireSearched() {
    requireUsable();
    boolean searched =
        JdbcClient.create(connections())
            .sql("select :schema = any(current_schemas(false))")
            .param("schema", name.value())
            .query(Boolean.class)
            .single();
    if (!searched) {
      throw new UnsuitableDatabase(
          "the search_path of the database's connections leaves out schema %s: %s"
              .formatted(name, "add it to the search_path, or give Claviger a schema of its own"));
    }
  }

  /**
   * Requires that no other schema of the search path hides tables of this schema, because
   * statements would then read and change tables of another program.
   */
  private void requireNotHidden() {
    List<String> hidden =
        JdbcClient.create(connections())
            .sql(
                """
                select relname from pg_class
                where relnamespace = cast(:schema as regnamespace) and relkind in ('r', 'p', 'v')
                  and not pg_table_is_visible(oid)
                union all
                select proname from pg_proc
                where pronamespace = cast(:schema as regnamespace)
                  and not pg_function_is_visible(oid)
                order by 1 limit :most
                """)
            .param("schema", name.value())
            .param("most", MOST_NAMED)
            .query((row, number) -> String.valueOf(row.getString("relname")))
            .list();
    if (!hidden.isEmpty()) {
      throw new UnsuitableDatabase(
          "the search_path of the database's connections hides %s of schema %s: %s"
              .formatted(
                  String.join(", ", hidden),
                  name,
                  "put it first in the search_path, or give Claviger a schema of its own"));
    }
  }

  /**
   * Runs a query that returns true or false, with the schema's name as the parameter {@code
   * schema}.
   */
  private boolean holds(String question) {
    return JdbcClient.create(dataSource)
        .sql(question)
        .param("schema", name.value())
        .query(Boolean.class)
        .single();
  }

  private boolean exists() {
    return holds("select exists (select from pg_namespace where nspname = :schema)");
  }

  /**
   * Checks the right to create tables before Flyway runs, because without this right Flyway would
   * retry for many seconds.
   */
  private void requireRightToCreate() {
    if (!mayCreate()) {
      throw new UnsuitableDatabase(
          "the schema is not current, and this role may not create tables in schema " + name);
    }
  }

  private UnsuitableDatabase refused(FlywayException e) {
    if (e.getErrorCode() == CoreErrorCode.NON_EMPTY_SCHEMA_WITHOUT_SCHEMA_HISTORY_TABLE) {
      return new UnsuitableDatabase(
          name.equals(SchemaName.PUBLIC)
              ? "this database contains tables of another program; give Claviger an empty"
                  + " database"
              : "schema %s contains tables of another program; give Claviger an empty schema"
                  .formatted(name),
          e);
    }
    String why = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    return new UnsuitableDatabase("the schema can't be brought up to date: " + why, e);
  }

  private static boolean isFromNewer(MigrationInfo[] applied) {
    return Arrays.stream(applied).anyMatch(m -> m.getState().name().startsWith("FUTURE"));
  }

  private static void requireNotNewer(MigrationInfo[] applied) {
    if (isFromNewer(applied)) {
      throw changedByNewer();
    }
  }

  private static UnsuitableDatabase changedByNewer() {
    return new UnsuitableDatabase(
        "a newer version of Claviger has changed this database; use that version, or restore a"
            + " backup from before the change");
  }

  /**
   * Bounds how long each statement of a migration waits for a lock, because all later transactions
   * queue behind a migration that waits. Also makes the database end a migration if its node hangs
   * for a minute, unless the operator has set another time. Both settings end with the migration's
   * transaction. Every migration can run in a transaction: {@link NewSchema} runs the same
   * migrations, each in one transaction, so a migration that can't run in a transaction would fail
   * there.
   */
  private static final class BoundedLocks extends BaseCallback {
    /**
     * The wait is longer than PostgreSQL's {@code deadlock_timeout} of one second. Only after that
     * timeout does PostgreSQL cancel an autovacuum that has locked the table.
     */
    private static final Duration BOUND = Duration.ofMillis(1500);

    @Override
    public boolean supports(Event event, Context context) {
      return event == Event.BEFORE_EACH_MIGRATE;
    }

    @Override
    public void handle(Event event, Context context) {
      try (Statement bound = context.getConnection().createStatement()) {
        boolean unused = bound.execute("set local lock_timeout = " + BOUND.toMillis());
        unused =
            bound.execute(
                """
                select set_config('idle_in_transaction_session_timeout', '60s', true)
                where current_setting('idle_in_transaction_session_timeout') = '0'
                """);
      } catch (SQLException e) {
        throw new FlywayException(e);
      }
    }
  }
}
