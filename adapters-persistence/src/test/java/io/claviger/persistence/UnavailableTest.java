package io.claviger.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.claviger.application.shared.StoreUnavailable;
import io.claviger.domain.accounts.Handle;
import io.claviger.persistence.shared.Database;
import io.claviger.testkit.postgres.PostgresForTests;
import io.claviger.testkit.postgres.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** Every operation reports a database that can't be reached as unavailable. */
final class UnavailableTest {
  @AutoClose
  private static final TestDatabase DATABASE =
      PostgresForTests.migrated("claviger", source -> new Schema(source).migrate());

  @Test
  void a_server_that_does_not_answer() {
    PGSimpleDataSource nowhere = new PGSimpleDataSource();
    nowhere.setUrl("jdbc:postgresql://localhost:1/none");

    assertUnavailable(nowhere);
  }

  @Test
  void a_pool_that_has_no_connection_left() throws SQLException {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(DATABASE.jdbcUrl());
    config.setMaximumPoolSize(1);
    config.setConnectionTimeout(250);
    try (HikariDataSource pool = new HikariDataSource(config);
        Connection taken = pool.getConnection()) {
      assertThat(taken.isValid(1)).isTrue();

      assertUnavailable(pool);
    }
  }

  /**
   * This happens, for example, after a change of the password. Waiting for the server would not
   * help.
   */
  @Test
  void a_server_that_lets_nobody_in_is_quoted() {
    PGSimpleDataSource absent = new PGSimpleDataSource();
    absent.setUrl(DATABASE.jdbcUrl());
    absent.setDatabaseName("absent");
    HikariConfig config = new HikariConfig();
    config.setDataSource(absent);
    config.setInitializationFailTimeout(-1);
    config.setConnectionTimeout(1_000);
    try (HikariDataSource pool = new HikariDataSource(config)) {
      PostgresPorts ports = on(pool);
      for (ThrowingCallable use :
          List.<ThrowingCallable>of(
              () -> ports.users().find(Handle.SYSTEM),
              () -> ports.transactions().inTransaction(() -> "never"))) {
        assertThatExceptionOfType(StoreUnavailable.class)
            .isThrownBy(use)
            .withMessage("the database can't be used: database \"absent\" does not exist");
      }
    }
  }

  @Test
  void a_connection_that_breaks_in_a_transaction() {
    PostgresPorts ports = on(DATABASE.dataSource());

    assertUnavailableOnceBroken(
        ports, held -> Optional.of(ports.users().find(Handle.SYSTEM)).map(u -> held));
  }

  @Test
  void a_connection_that_breaks_before_commit() {
    assertUnavailableOnceBroken(on(DATABASE.dataSource()), held -> held);
  }

  /** Breaks the connection in a transaction that has locked a user, and does something more. */
  private static void assertUnavailableOnceBroken(
      PostgresPorts ports, UnaryOperator<Object> further) {
    assertThatExceptionOfType(StoreUnavailable.class)
        .isThrownBy(
            () ->
                ports
                    .transactions()
                    .inTransaction(
                        () -> {
                          Object held = ports.users().lock(Handle.SYSTEM).orElseThrow();
                          breakOtherConnections();
                          return further.apply(held);
                        }));
  }

  @Test
  void a_connection_that_can_not_begin_a_transaction() {
    DataSource broken =
        new DelegatingDataSource(DATABASE.dataSource()) {
          @Override
          public Connection getConnection() throws SQLException {
            Connection connection = super.getConnection();
            connection.close();
            return connection;
          }
        };

    assertThatExceptionOfType(StoreUnavailable.class)
        .isThrownBy(() -> on(broken).transactions().inTransaction(() -> "never"));
  }

  /** From a connection outside of the pool. */
  private static void breakOtherConnections() {
    PGSimpleDataSource outside = new PGSimpleDataSource();
    outside.setUrl(DATABASE.jdbcUrl());
    assertThat(
            JdbcClient.create(outside)
                .sql(
                    """
                    select pg_terminate_backend(pid, 5000)
                    from pg_stat_activity
                    where datname = current_database() and pid <> pg_backend_pid()
                    """)
                .query(Boolean.class)
                .list())
        .contains(true);
  }

  private static void assertUnavailable(DataSource source) {
    PostgresPorts ports = on(source);
    assertThatExceptionOfType(StoreUnavailable.class)
        .isThrownBy(() -> ports.users().find(Handle.SYSTEM));
    assertThatExceptionOfType(StoreUnavailable.class)
        .isThrownBy(() -> ports.transactions().inTransaction(() -> "never"));
    assertThatExceptionOfType(StoreUnavailable.class)
        .isThrownBy(() -> Schema.isCurrent(new Database(source)));
  }

  private static PostgresPorts on(DataSource source) {
    return new PostgresPorts(DATABASE, source);
  }
}
