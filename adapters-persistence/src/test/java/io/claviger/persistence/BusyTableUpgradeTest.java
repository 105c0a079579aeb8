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

  /** The locks of such a migration keep all calls waiting. */
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

  @Test
  void stored_objects_are_counted_for_each_maker_while_a_long_transaction_reads_them()
      throws SQLException {
    EarlierSchema.migrate(database.dataSource(), "512");
    for (String each :
        List.of(
            """
            insert into users (id, handle, display_name, administrator, kind, responsible_id,
              responsible_handle, version, created_at, updated_at)
            values
              (md5('alice')::uuid, 'alice', 'x', false, 'person', null, null, 1, now(), now()),
              (md5('bob')::uuid, 'bob', 'x', false, 'person', null, null, 1, now(), now()),
              (md5('bot')::uuid, 'bot', 'x', false, 'service', md5('bob')::uuid, 'bob', 1, now(),
                now())
            """,
            """
            insert into instances (
              id, owner_id, owner_handle, handle, display_name, description, provider,
              api_standard, endpoint, model, timeout_ms, enabled, central_key, user_keys,
              fallback_to_central, version, created_at, updated_at)
            values (md5('s')::uuid, md5('alice')::uuid, 'alice', 's', 'X', '', 'openai', 'openai',
              'http://localhost', 'm', 1, true, true, false, false, 1, now(), now())
            """,
            """
            insert into provider_objects (service_id, kind, object_id, holder_user_id, maker_id,
              borrower_id, made_with, bytes, state, ended_at)
            select md5('s')::uuid, kind, id, md5(holder)::uuid, md5(maker)::uuid,
              md5(borrower)::uuid, '{}', size, state, case when state <> 'live' then now() end
            from (values
              ('files', 'a', 'bob', 'bob', 'alice', 1, 'live'),
              ('files', 'b', 'bot', 'bot', 'alice', 2, 'live'),
              ('responses', 'c', 'bot', 'bot', 'bob', 4, 'live'),
              ('files', 'd', 'alice', 'somebody deleted', 'alice', 8, 'live'),
              ('files', 'e', null, 'bot', null, 16, 'live'),
              ('files', 'f', 'bot', 'bot', 'alice', 32, 'deleted'))
              objects (kind, id, holder, maker, borrower, size, state)
            """,
            // No program removes such a line.
            "delete from object_holdings where borrower_id = md5('bob')::uuid")) {
      assertThat(sql.sql(each).update()).isPositive();
    }
    EarlierSchema.migrate(database.dataSource(), "513");

    try (Connection backup = reading("a backup", "provider_objects")) {
      schema.migrate(Duration.ofSeconds(1));
      assertThat(backup.isClosed()).isFalse();
    }

    assertThat(
            sql.sql(
                    """
                    select concat_ws(' ', m.bytes, u.handle)
                    from maker_holdings m left join users u on u.id = m.maker_id
                    """)
                .query(String.class)
                .list())
        .containsExactlyInAnyOrder("3 bob", "4 bob", "8");
    SharedQuotaTest.assertCounted(sql);
    assertThat(sql.sql("update provider_objects set bytes = 64 where object_id = 'b'").update())
        .isEqualTo(1);
    SharedQuotaTest.assertCounted(sql);
  }

  private Connection reading(String program) throws SQLException {
    return reading(program, "webhook_messages");
  }

  private Connection reading(String program, String table) throws SQLException {
    Connection connection =
        DriverManager.getConnection(database.jdbcUrl() + "&ApplicationName=" + program);
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      boolean unused = statement.execute("select from " + table);
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
