package io.claviger.persistence;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;

/**
 * Runs all migrations in an empty schema, and records them as Flyway would. Flyway would first
 * split each file into statements. This splitting took two thirds of the CPU time of a first start.
 * This class sends each file to PostgreSQL as a whole.
 *
 * <p>Each migration runs in one transaction, which also inserts the record of the migration. If a
 * migration fails or the process ends early, Flyway can run the missing migrations.
 */
final class NewSchema {
  /**
   * The statements that create Flyway's table of migrations, in the same form as Flyway's own
   * statements.
   */
  private static final String RECORDS =
      """
      create table flyway_schema_history (
        installed_rank integer not null,
        version character varying(50),
        description character varying(200) not null,
        type character varying(20) not null,
        script character varying(1000) not null,
        checksum integer,
        installed_by character varying(100) not null,
        installed_on timestamp without time zone not null default now(),
        execution_time integer not null,
        success boolean not null,
        constraint flyway_schema_history_pk primary key (installed_rank)
      );
      create index flyway_schema_history_s_idx on flyway_schema_history (success);
      """;

  private static final String RECORD =
      """
      insert into flyway_schema_history (
        installed_rank, version, description, type, script, checksum, installed_by, execution_time,
        success)
      select coalesce(max(installed_rank), 0) + 1, ?, ?, 'SQL', ?, ?, current_user, ?, true
      from flyway_schema_history
      """;

  private static final String HOLDS_NOTHING =
      """
      select not exists (select from pg_class where relnamespace = n.oid)
        and not exists (select from pg_proc where pronamespace = n.oid)
        and not exists (select from pg_type where typnamespace = n.oid)
      from pg_namespace n where n.nspname = ?
      """;

  private final DataSource connections;
  private final SchemaName name;

  /**
   * @param connections a pool of at least two connections; their role may create tables in the
   *     schema
   * @param name the name of an existing schema
   */
  NewSchema(DataSource connections, SchemaName name) {
    this.connections = connections;
    this.name = name;
  }

  /**
   * Waits until no other node is running migrations in the same schema. If the schema then contains
   * no table, function or type, runs all migrations.
   *
   * @param patience the maximum time to wait for another node's migrations
   * @throws SQLException if another node takes longer than {@code patience}, or if PostgreSQL
   *     refuses a migration
   */
  void create(Duration patience) throws SQLException, IOException {
    try (Connection waiting = connections.getConnection();
        Connection working = connections.getConnection()) {
      waiting.setAutoCommit(false);
      working.setAutoCommit(false);
      try {
        waitForOthers(waiting, patience);
        if (isEmpty(waiting)) {
          runAll(working);
        }
      } finally {
        working.rollback();
        waiting.rollback();
        working.setAutoCommit(true);
        waiting.setAutoCommit(true);
      }
    }
  }

  private void waitForOthers(Connection connection, Duration patience) throws SQLException {
    try (Statement limit = connection.createStatement();
        PreparedStatement lock =
            connection.prepareStatement("select pg_advisory_xact_lock(hashtextextended(?, 0))")) {
      boolean unused = limit.execute("set local lock_timeout = " + patience.toMillis());
      lock.setString(1, "claviger new schema " + name);
      unused = lock.execute();
    }
  }

  private boolean isEmpty(Connection connection) throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(HOLDS_NOTHING)) {
      query.setString(1, name.value());
      try (ResultSet row = query.executeQuery()) {
        return row.next() && row.getBoolean(1);
      }
    }
  }

  private void runAll(Connection connection) throws SQLException, IOException {
    run(connection, RECORDS);
    for (RecordedMigration each : RecordedMigration.ofThisProgram()) {
      long began = System.nanoTime();
      run(connection, MigrationFiles.read(each.script()));
      record(connection, each, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began));
      connection.commit();
    }
  }

  private void run(Connection connection, String statements) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.setEscapeProcessing(false);
      boolean unused =
          statement.execute("set local search_path = " + name.quoted() + ";\n" + statements);
    }
  }

  private static void record(Connection connection, RecordedMigration migration, long millis)
      throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement(RECORD)) {
      insert.setString(1, migration.version());
      insert.setString(2, migration.description());
      insert.setString(3, migration.script());
      insert.setInt(4, migration.checksum());
      insert.setInt(5, Math.toIntExact(millis));
      int unused = insert.executeUpdate();
    }
  }
}
