package io.claviger.persistence;

import io.claviger.application.shared.StoreUnavailable;
import io.claviger.persistence.shared.Database;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.CoreErrorCode;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationInfoService;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.BadSqlGrammarException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The tables that Claviger has in one schema of a database. Migrations create the tables. Each
 * migration runs once in each schema, and is never changed after its release.
 */
public final class Schema {
  /** The version of the last migration of this program. */
  static final String NEWEST = RecordedMigration.ofThisProgram().getLast().version();

  private static final Logger LOG = LoggerFactory.getLogger(Schema.class);

  private static final int OLDEST_POSTGRESQL = 15;

  /**
   * How long a node waits for another node that is creating the tables. It takes a few seconds to
   * create the tables.
   */
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final DataSource dataSource;
  private final SchemaName name;

  /**
   * The schema {@code public}.
   *
   * @param dataSource connects to the database; {@link #migrate} needs connections whose role may
   *     create tables
   */
  public Schema(DataSource dataSource) {
    this(dataSource, SchemaName.PUBLIC);
  }

  /**
   * A schema of any name. {@link #migrate} creates the schema if the database does not have it.
   *
   * @param dataSource connects to the database; {@link #migrate} needs connections whose role may
   *     create tables in the schema, and may create the schema if it does not exist
   */
  public Schema(DataSource dataSource, SchemaName name) {
    this.dataSource = dataSource;
    this.name = name;
  }

  /** Returns a source of connections that find the tables of this schema. */
  public DataSource connections() {
    return name.equals(SchemaName.PUBLIC) ? dataSource : new SchemaConnections(dataSource, name);
  }

  /**
   * Runs the migrations that have not been run in the database. Nodes that start at the same time
   * wait for each other.
   *
   * @throws UnsuitableDatabase when a newer version of Claviger has changed the database, the
   *     schema contains tables of another program, the role may not create tables, or PostgreSQL is
   *     older than 15
   * @throws StoreUnavailable if the database can't be reached
   */
  public void migrate() {
    requireSupportedServer();
    createIfMissing();
    if (isUpToDate()) {
      return;
    }
    createIfEmpty();
    if (isUpToDate()) {
      return;
    }
    Flyway flyway = flyway();
    try {
      MigrationInfoService info = flyway.info();
      requireNotNewer(info.applied());
      if (info.pending().length > 0) {
        requireRightToCreate();
      }
      Object unused = flyway.migrate();
    } catch (FlywayException e) {
      throw refused(e);
    }
  }

  private boolean isUpToDate() {
    return RecordedMigration.in(connections()).equals(RecordedMigration.ofThisProgram());
  }

  /**
   * If the schema is empty, runs all migrations without Flyway. If a migration fails, {@link
   * #migrate} continues with Flyway, which runs the migrations that are still missing, or reports
   * the problem.
   */
  private void createIfEmpty() {
    if (!mayCreate()) {
      return;
    }
    try {
      new NewSchema(connections(), name).create(PATIENCE);
    } catch (SQLException | IOException e) {
      LOG.debug("not all migrations of a new schema were run, and Flyway goes on", e);
    }
  }

  /** Flyway, for the migrations that are missing in the schema. */
  Flyway flyway() {
    return Flyway.configure(MigrationFiles.loader())
        .dataSource(connections())
        .locations("classpath:" + MigrationFiles.DIRECTORY)
        .defaultSchema(name.value())
        .createSchemas(false)
        .placeholderReplacement(false)
        .load();
  }

  /** Whether the tables in a database are those that this program needs. */
  public enum State {
    CURRENT,
    /** The database contains no tables yet. */
    EMPTY,
    /** Some migrations of this program have not been run. */
    BEHIND,
    /** A newer version of Claviger has run migrations that this version does not know. */
    AHEAD,
    /** The schema contains tables of another program. */
    FOREIGN;

    /** Whether the next start of a node runs migrations. */
    public boolean isMigratedAtStart() {
      return this == EMPTY || this == BEHIND;
    }
  }

  /**
   * Reads the state of the database without changing anything.
   *
   * @throws StoreUnavailable if the database can't be reached
   */
  public State state() {
    try {
      MigrationInfoService info = flyway().info();
      if (info.applied().length == 0) {
        return hasTables() ? State.FOREIGN : State.EMPTY;
      }
      if (isFromNewer(info.applied())) {
        return State.AHEAD;
      }
      return info.pending().length > 0 ? State.BEHIND : State.CURRENT;
    } catch (FlywayException e) {
      throw new StoreUnavailable(e);
    }
  }

  /**
   * Returns whether the role with which this data source connects may create tables, and change
   * existing tables.
   */
  public boolean mayMigrate() {
    return mayCreate() && ownsTables();
  }

  /**
   * Returns whether the role with which this data source connects may change and drop the existing
   * tables.
   */
  public boolean ownsTables() {
    return JdbcClient.create(dataSource)
        .sql(
            """
            select not exists (
              select from pg_class
              where relnamespace = cast(:schema as regnamespace) and relkind in ('r', 'p')
                and not pg_has_role(relowner, 'usage'))
            """)
        .param("schema", name.value())
        .query(Boolean.class)
        .single();
  }

  /**
   * Returns those tables on which the role of this data source lacks a right that serving requests
   * needs. On the audit trail, serving needs only the right to read rows and the right to add rows.
   * On the row by which nodes take turns, serving needs the right to read the row and the right to
   * lock it. On notes and on the record of access, serving needs only the right to read rows.
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

  /**
   * Returns whether two data sources connect to the same database, even if they use different
   * roles.
   */
  public static boolean isSameDatabase(DataSource one, DataSource other) {
    return identity(one).equals(identity(other));
  }

  private static String identity(DataSource source) {
    return JdbcClient.create(source)
        .sql(
            """
            select concat_ws(' ', current_database(), extract(epoch from pg_postmaster_start_time()))
            """)
        .query(String.class)
        .single();
  }

  /**
   * Returns whether a pooler such as PgBouncer, which gives the statements of a connection to other
   * connections of its own, seems to be between the program and the server. If a pooler is in
   * between, the process that it states for a connection differs from the process that the server
   * states.
   */
  public static boolean isBehindPooler(DataSource source) {
    return Boolean.TRUE.equals(
        new JdbcTemplate(source)
            .execute(
                (Connection connection) -> {
                  try (Statement statement = connection.createStatement();
                      ResultSet answer = statement.executeQuery("select pg_backend_pid()")) {
                    int stated = connection.unwrap(PGConnection.class).getBackendPID();
                    return answer.next() && answer.getInt(1) != stated;
                  }
                }));
  }

  private boolean mayCreate() {
    return JdbcClient.create(dataSource)
        .sql("select has_schema_privilege(:schema, 'create')")
        .param("schema", name.value())
        .query(Boolean.class)
        .single();
  }

  private boolean hasTables() {
    return JdbcClient.create(dataSource)
        .sql("select exists (select from pg_tables where schemaname = :schema)")
        .param("schema", name.value())
        .query(Boolean.class)
        .single();
  }

  /**
   * Returns whether the database has run every migration of this program. A newer program may have
   * run later migrations too.
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
    } catch (BadSqlGrammarException e) {
      return false;
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
      throw new StoreUnavailable(e);
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
      int unused =
          JdbcClient.create(dataSource).sql("create schema if not exists " + name).update();
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

  private boolean exists() {
    return JdbcClient.create(dataSource)
        .sql("select exists (select from pg_namespace where nspname = :schema)")
        .param("schema", name.value())
        .query(Boolean.class)
        .single();
  }

  /**
   * Checks the right to create tables before Flyway runs, because Flyway would try again for many
   * seconds.
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
              ? "this database holds tables of something else; give Claviger an empty one"
              : "schema %s holds tables of something else; give Claviger an empty one"
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
      throw new UnsuitableDatabase(
          "this database was changed by a newer Claviger than this one; use that one, or a backup"
              + " from before");
    }
  }
}
