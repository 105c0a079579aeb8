package io.claviger.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.usage.port.UsageStore.UsageBatch;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.KeySource;
import io.claviger.domain.usage.CountedModel;
import io.claviger.domain.usage.PriceVersions;
import io.claviger.domain.usage.UsageAccount;
import io.claviger.domain.usage.UsageCounts;
import io.claviger.domain.usage.UsageModel;
import io.claviger.domain.usage.UsageRow;
import io.claviger.persistence.budgets.JdbcBudgetLedger;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.usage.JdbcUsageBooks;
import io.claviger.testkit.postgres.PostgresForTests;
import io.claviger.testkit.postgres.TestDatabase;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Statements that remove old rows, and run often, do not read the rows that stay. */
final class RemovalPlansTest {
  private static final long MOST_ROWS = 100;

  @AutoClose
  private final TestDatabase files =
      PostgresForTests.migrated("claviger", source -> new Schema(source).migrate());

  private final Database database = new Database(files.dataSource());
  private final JdbcUsageBooks books = new JdbcUsageBooks(database);

  @Test
  void storing_usage() {
    fill(
        """
        insert into usage_models (day, instance_id, number, model)
        select current_date, md5((n / 100)::text)::uuid, n % 100 + 1, 'model-' || n
        from generate_series(1, 5000) n
        """);
    fill("insert into usage_writers select gen_random_uuid(), 1 from generate_series(1, 5000)");

    assertThat(rowsRead(() -> books.add(batch()))).isLessThan(MOST_ROWS);
  }

  @Test
  void old_charges() {
    fill(
        """
        insert into usage_charges
        select 'user:' || n, date_bin('15 minutes', now(), '2000-01-01 00:00+00'), 1, 1, 1
        from generate_series(1, 5000) n
        """);
    fill(
        """
        insert into attributed_users
        select md5('s')::uuid, md5('o')::uuid, md5(n::text)::uuid, 'bob', current_date
        from generate_series(1, 5000) n
        """);

    assertThat(rowsRead(books::removeOldCharges)).isLessThan(MOST_ROWS);
  }

  @Test
  void old_budgets() {
    fill(
        """
        insert into budget_accounts (id, subject, unit, period, zone, counted_from)
        values (md5('a')::uuid, 'user:a', 'requests', 'day', 'UTC', now())
        """);
    fill(
        """
        insert into budget_windows (account_id, starts_at, ends_at, settled, reserved, touched_at)
        select md5('a')::uuid, now() - n * interval '1 second', now() + interval '1 day', 0, 0, now()
        from generate_series(1, 5000) n
        """);
    fill(
        """
        insert into budget_raises (id, account_id, amount, until, created_at)
        select gen_random_uuid(), md5('a')::uuid, 1, now() + interval '1 day', now()
        from generate_series(1, 5000) n
        """);

    assertThat(rowsRead(new JdbcBudgetLedger(database)::removeOld)).isLessThan(MOST_ROWS);
  }

  @Test
  void raises_of_a_member_who_leaves() {
    fill(
        """
        insert into budget_accounts (id, subject, unit, period, zone, counted_from)
        values (md5('a')::uuid, 'group:a:b', 'requests', 'day', 'UTC', now())
        """);
    fill(
        """
        insert into budget_raises (id, account_id, amount, until, created_at)
        select gen_random_uuid(), md5('a')::uuid, 1, now() - interval '1 day',
          now() - interval '2 days'
        from generate_series(1, 5000) n
        """);

    assertThat(rowsRead(() -> deleteMember(UUID.randomUUID()))).isLessThan(MOST_ROWS);
  }

  /** Each change removes old ones while all other changes wait for it. */
  @Test
  void old_changes() {
    fill(
        """
        insert into changes (point, subject, at)
        select n, gen_random_uuid(),
          now() - case when n <= 20 then interval '11 minutes' else interval '1 minute' end
            + n * interval '1 ms'
        from generate_series(1, 5000) n
        """);
    fill("update change_counter set point = 5000");

    for (int n = 0; n < 8; n++) {
      assertThat(rowsRead(this::change)).isLessThan(MOST_ROWS);
    }
    assertThat(changes("at < now() - interval '10 minutes'")).isZero();
    assertThat(changes("at > now() - interval '10 minutes'")).isGreaterThanOrEqualTo(4_988);
  }

  private void change() {
    assertThat(
            database
                .jdbc()
                .sql("select count(note_change(gen_random_uuid()))")
                .query(Long.class)
                .single())
        .isEqualTo(1);
  }

  private long changes(String which) {
    return database
        .jdbc()
        .sql("select count(*) from changes where " + which)
        .query(Long.class)
        .single();
  }

  private void deleteMember(UUID user) {
    int rows =
        database
            .jdbc()
            .sql("delete from group_members where user_id = :user")
            .param("user", user)
            .update();
    assertThat(rows).isZero();
  }

  private static UsageBatch batch() {
    UsageAccount account =
        new UsageAccount(
            new User.Id(UUID.randomUUID()),
            new Handle("bob"),
            new Instance.Id(UUID.randomUUID()),
            Instance.Ref.of("alice/s"),
            new User.Id(UUID.randomUUID()),
            Optional.empty());
    return new UsageBatch(
        UUID.randomUUID(),
        1,
        List.of(
            new UsageRow(
                LocalDate.now(ZoneOffset.UTC),
                account,
                KeySource.CENTRAL,
                CountedModel.of(new UsageModel("m")),
                PriceVersions.NONE,
                new UsageCounts(1, 0, 0, 0, 1, 1))));
  }

  private void fill(String statement) {
    int rows = database.jdbc().sql(statement).update();
    assertThat(rows).isPositive();
  }

  /** Returns how many rows the statements read from all tables together. */
  private long rowsRead(Runnable statements) {
    int unused = database.jdbc().sql("analyze").update();
    return database
        .transactions()
        .inTransaction(
            () -> {
              // The figures may contain those of earlier transactions of the same connection.
              long before = rowsRead();
              statements.run();
              return rowsRead() - before;
            });
  }

  private long rowsRead() {
    return database
        .jdbc()
        .sql(
            """
            select sum(seq_tup_read + coalesce(idx_tup_fetch, 0)) from pg_stat_xact_user_tables
            """)
        .query(Long.class)
        .single();
  }
}
