package io.claviger.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.claviger.testkit.Race;
import io.claviger.testkit.postgres.PostgresForTests;
import io.claviger.testkit.postgres.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class SchemaConnectionsTest {
  private static final String OF_THE_PROGRAM = "\"$user\", \"Program\", public";

  private final TestDatabase database = PostgresForTests.empty();
  private final HikariDataSource pool = pool();
  private final DataSource own = new SchemaConnections(pool, new SchemaName("claviger"));

  @AfterEach
  void drop() {
    pool.close();
    database.close();
  }

  @Test
  void a_connection_has_the_path_of_the_schema_until_it_is_closed() throws SQLException {
    int session = session(pool);
    try (Connection connection = own.getConnection()) {
      assertThat(path(connection)).isEqualTo("claviger");
    }

    assertThat(path(pool)).isEqualTo(OF_THE_PROGRAM);
    assertThat(session(pool)).isEqualTo(session);
  }

  @Test
  void one_that_is_closed_again_leaves_it_to_whoever_has_it_now() throws SQLException {
    Connection closed = own.getConnection();
    closed.close();
    try (Connection connection = own.getConnection()) {
      closed.close();

      assertThat(path(connection)).isEqualTo("claviger");
      assertThat(closed.isClosed()).isTrue();
    }
    assertThat(path(pool)).isEqualTo(OF_THE_PROGRAM);
  }

  @Test
  void a_transaction_that_failed_and_was_not_ended_is_rolled_back_first() throws SQLException {
    try (Connection connection = own.getConnection()) {
      connection.setAutoCommit(false);
      execute(connection, "set local search_path = elsewhere");
      assertThatExceptionOfType(SQLException.class)
          .isThrownBy(() -> execute(connection, "select from nothing"));
    }
    assertThat(path(pool)).isEqualTo(OF_THE_PROGRAM);
  }

  @Test
  void one_whose_session_has_ended_does_not_come_back() throws SQLException {
    int session = session(pool);
    try (Connection connection = own.getConnection();
        Connection administration = database.dataSource().getConnection()) {
      execute(administration, "select pg_terminate_backend(" + session + ")");
      assertThatExceptionOfType(SQLException.class).isThrownBy(() -> path(connection));
    }

    assertThat(path(pool)).isEqualTo(OF_THE_PROGRAM);
    assertThat(session(pool)).isNotEqualTo(session);
  }

  @Test
  void one_statement_finds_the_table_of_whoever_runs_it() {
    List<String> schemas = List.of("one", "two");
    for (String schema : schemas) {
      execute("create schema " + schema);
      execute("create table " + schema + ".t (n " + (schema.equals("one") ? "int)" : "text)"));
      execute("insert into " + schema + ".t values ('1')");
    }
    List<Boolean> right =
        Race.of(
            16,
            n -> {
              String schema = schemas.get(n % 2);
              DataSource source = new SchemaConnections(pool, new SchemaName(schema));
              return read(source, "select pg_typeof(n)::text || ' ' || n from t")
                  .equals(schema.equals("one") ? "integer 1" : "text 1");
            },
            20);

    assertThat(right).hasSize(320).containsOnly(true);
  }

  /** A single connection, so that everybody gets the one that the one before has left. */
  private HikariDataSource pool() {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(database.jdbcUrl());
    config.setMaximumPoolSize(1);
    config.setConnectionInitSql("set search_path = " + OF_THE_PROGRAM);
    return new HikariDataSource(config);
  }

  private static String path(DataSource source) {
    return read(source, "show search_path");
  }

  private static String path(Connection connection) throws SQLException {
    return read(connection, "show search_path");
  }

  private static int session(DataSource source) {
    return Integer.parseInt(read(source, "select pg_backend_pid()"));
  }

  private static String read(DataSource source, String query) {
    try (Connection connection = source.getConnection()) {
      return read(connection, query);
    } catch (SQLException e) {
      throw new IllegalStateException(query, e);
    }
  }

  private static String read(Connection connection, String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      assertThat(row.next()).isTrue();
      return row.getString(1);
    }
  }

  private void execute(String sql) {
    try (Connection connection = database.dataSource().getConnection()) {
      execute(connection, sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      boolean unused = statement.execute(sql);
    }
  }
}
