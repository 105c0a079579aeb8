package io.claviger.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.claviger.persistence.shared.Database;
import io.claviger.testkit.Race;
import io.claviger.testkit.postgres.TestDatabase;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** An upgrade that has to lock a table while a long transaction, such as a backup, reads it. */
final class BusyTableUpgradeTest {
  private static final Duration WAITED = Duration.ofSeconds(8);

  @AutoClose private final TestDatabase database = EarlierSchema.until("440");

  private final Schema schema = new Schema(database.dataSource());
  private final JdbcClient sql = JdbcClient.create(database.dataSource());

  @Test
  void calls_read_the_table_while_the_upgrade_waits_for_a_long_transaction() throws SQLException {
    CompletableFuture<Void> upgrade;
    try (Connection backup = reading("a backup");
        Connection call = database.dataSource().getConnection();
        Statement reading = call.createStatement()) {
      upgrade = CompletableFuture.runAsync(schema::migrate, Thread::startVirtualThread);
      awaitFirstWait();
      long begun = System.nanoTime();
      boolean unused = reading.execute("set lock_timeout = '5s'");
      while (System.nanoTime() - begun < WAITED.toNanos()) {
        unused = reading.execute("select count(*) from webhook_messages");
        LockSupport.parkNanos(20_000_000);
      }
      unused = reading.execute("reset lock_timeout");
      assertThat(upgrade).isNotDone();
      backup.rollback();
    }

    upgrade.join();

    assertThat(Schema.isCurrent(new Database(database.dataSource()))).isTrue();
  }

  /** Its locks keep all calls waiting. */
  @Test
  void the_database_ends_the_migration_of_a_node_that_hangs() {
    for (String each :
        List.of(
            "create schema seen",
            "create table seen.timeouts (timeout text not null)",
            """
            create function seen.note() returns event_trigger language plpgsql as $$
            begin
              insert into seen.timeouts
              values (current_setting('idle_in_transaction_session_timeout'));
            end
            $$
            """,
            "create event trigger note_timeouts on ddl_command_end execute function seen.note()")) {
      int unused = sql.sql(each).update();
    }

    schema.migrate();

    assertThat(sql.sql("select distinct timeout from seen.timeouts").query(String.class).list())
        .containsExactly("1min");
  }

  @Test
  void an_upgrade_that_waited_in_vain_names_the_transactions_that_it_waited_for()
      throws SQLException {
    try (Connection backup = reading("a backup")) {
      assertThatExceptionOfType(UnsuitableDatabase.class)
          .isThrownBy(() -> schema.migrate(Duration.ofSeconds(1)))
          .withMessage(
              "the schema can't be brought up to date while long transactions use its tables: end"
                  + " process %s of the database (a backup), and start again"
                      .formatted(process(backup)));
    }
    assertThat(schema.state()).isEqualTo(Schema.State.BEHIND);
  }

  private Connection reading(String program) throws SQLException {
    Connection connection =
        DriverManager.getConnection(database.jdbcUrl() + "&ApplicationName=" + program);
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      boolean unused = statement.execute("select from webhook_messages");
    }
    return connection;
  }

  private static int process(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("select pg_backend_pid()")) {
      assertThat(row.next()).isTrue();
      return row.getInt(1);
    }
  }

  private void awaitFirstWait() {
    Race.until(this::waits);
  }

  private boolean waits() {
    return sql.sql(
            """
            select exists (
              select from pg_locks l
              where not l.granted and l.relation = cast('webhook_messages' as regclass)
                and l.database = (select oid from pg_database where datname = current_database()))
            """)
        .query(Boolean.class)
        .single();
  }
}
